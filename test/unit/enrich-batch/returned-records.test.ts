import { describe, expect, it } from "vitest";
import { TransientError } from "../../../lambdas/common/core/errors.ts";
import { createHandler } from "../../../lambdas/enrich-batch/handler.ts";
import { aBatch, anItem, aRun } from "../../helpers/rows.ts";
import { ConsumerWorld } from "../../helpers/worlds/consumer-world.ts";
import { context, ids, iso, second } from "./two-batches.ts";

describe("a record that is not done", () => {
  it("gives every record back when something unexpected happens, and gives its leases back", async () => {
    const world = new ConsumerWorld();
    world.add(aRun(), aBatch());
    const enrich = () => Promise.reject(new Error("a bug"));
    const answer = await createHandler(world.deps({ enrich }))({ Records: [world.record(aBatch())] }, context);
    expect(ids(answer)).toEqual([`m-${aBatch().batch_id}`]);
    expect(world.released).toEqual([aBatch().batch_id]);
    expect(world.hurried).toEqual([[`r-${aBatch().batch_id}`, 10]]);
  });

  it("gives back a record whose row is leased and drops late, settled and orphaned ones", async () => {
    const world = new ConsumerWorld();
    const leased = aBatch({ batch_id: "leased", lease_owner: "other", lease_until: iso(1) });
    const newer = aBatch({ batch_id: "newer", generation: 4 });
    const done = aBatch({ batch_id: "done", items: [anItem({ state: "enriched" })] });
    world.add(aRun({ pending: 0, enriched: 3 }), leased, newer, done);
    const records = [
      world.record(leased),
      world.record(newer, { generation: 1 }),
      world.record(done),
      world.record(aBatch({ batch_id: "orphan" })),
    ];
    const answer = await createHandler(world.deps())({ Records: records }, context);
    expect(ids(answer)).toEqual(["m-leased"]);
    // Sooner would only use up its deliveries; later, nobody would have it after its holder died.
    expect(world.hurried).toEqual([["r-leased", 2]]);
    expect(world.asked).toEqual([]);
    // The one who settled it may have died before closing the run.
    expect(world.runs.get("enrich_cat_1_1")?.state).toBe("completed");
  });

  it("fails a record whose row cannot be read alone; the batches beside it are done", async () => {
    const world = new ConsumerWorld();
    world.add(aRun(), aBatch());
    const deps = world.deps();
    const batches = Object.assign(Object.create(deps.batches) as typeof deps.batches, {
      claim: async (request: Parameters<typeof deps.batches.claim>[0]) => {
        if (request.batch_id === "poison") throw new Error("items: expected array, received string");
        return deps.batches.claim(request);
      },
    });
    const records = [world.record(aBatch({ batch_id: "poison" })), world.record(aBatch())];
    expect(ids(await createHandler({ ...deps, batches })({ Records: records }, context))).toEqual(["m-poison"]);
    expect(world.runs.get("enrich_cat_1_1")).toMatchObject({ state: "completed", enriched: 3 });
  });

  it("waits longer each time before a record that failed comes back, and gives leases back when runs cannot be read", async () => {
    const world = new ConsumerWorld();
    world.add(aRun(), aBatch());
    const deps = world.deps();
    const runs = Object.assign(Object.create(deps.runs) as typeof deps.runs, {
      getRuns: () => Promise.reject(new TransientError("slow")),
    });
    for (const receives of [1, 2, 4, 9]) {
      world.rows.set(aBatch().batch_id, aBatch());
      await createHandler({ ...deps, runs })({ Records: [world.record(aBatch(), { receives })] }, context);
    }
    expect(world.hurried.map(([, seconds]) => seconds)).toEqual([10, 20, 80, 300]);
    expect(world.released).toHaveLength(4);
  });

  it("gives a record back when its claim meets throttling", async () => {
    const world = new ConsumerWorld();
    world.add(aRun(), aBatch());
    const deps = world.deps();
    const batches = Object.assign(Object.create(deps.batches) as typeof deps.batches, {
      claim: () => Promise.reject(new TransientError("slow")),
    });
    expect(ids(await createHandler({ ...deps, batches })({ Records: [world.record(aBatch())] }, context))).toEqual([
      `m-${aBatch().batch_id}`,
    ]);
  });

  it("gives records back when their outcome could not be committed", async () => {
    const world = new ConsumerWorld();
    world.add(aRun(), aBatch());
    const deps = world.deps();
    const recorder = Object.assign(Object.create(deps.recorder) as typeof deps.recorder, {
      record: () => Promise.reject(new TransientError("conflicts")),
    });
    expect(
      ids(await createHandler({ ...deps, recorder })({ Records: [world.record(aBatch())] }, context)),
    ).toHaveLength(1);
    expect(world.runs.get("enrich_cat_1_1")?.unrecorded).toEqual({
      since: iso(0),
      reason: "not_recorded",
      retry_at: iso(10_000),
    });
    // With its lease, the batch would be nobody's until that ends.
    expect(world.rows.get(aBatch().batch_id)?.lease_owner).toBeUndefined();
    expect(world.hurried).toEqual([[`r-${aBatch().batch_id}`, 10]]);
    world.hurried.length = 0;
    expect(ids(await createHandler(deps)({ Records: [world.record(aBatch(), { receives: 2 })] }, context))).toEqual([]);
    expect(world.runs.get("enrich_cat_1_1")).toMatchObject({ state: "completed", enriched: 3 });
    expect(world.runs.get("enrich_cat_1_1")?.unrecorded).toBeUndefined();
  });

  it("says in the run that an earlier delivery left nothing, while it works on the batch again", async () => {
    const world = new ConsumerWorld();
    world.add(aRun(), aBatch());
    const during: unknown[] = [];
    const deps = world.deps();
    const enrich: typeof deps.enrich = async (request) => {
      during.push(world.runs.get("enrich_cat_1_1")?.unrecorded);
      await deps.enrich(request);
    };
    await createHandler({ ...deps, enrich })({ Records: [world.record(aBatch(), { receives: 2 })] }, context);
    expect(during).toEqual([{ since: iso(0), reason: "not_finished", retry_at: iso(0) }]);
    expect(world.runs.get("enrich_cat_1_1")).toMatchObject({ state: "completed", enriched: 3 });
    expect(world.runs.get("enrich_cat_1_1")?.unrecorded).toBeUndefined();
  });

  it("says in the run that a call is under way for long, until its result is recorded", async () => {
    const world = new ConsumerWorld();
    world.add(aRun(), aBatch());
    const deps = world.deps();
    const during: unknown[] = [];
    const enrich: typeof deps.enrich = async (request) => {
      request.onSlow?.("keepa", world.nowMs + 25_000);
      await Promise.resolve();
      during.push(world.runs.get("enrich_cat_1_1")?.unrecorded);
      await deps.enrich(request);
    };
    await createHandler({ ...deps, enrich })({ Records: [world.record(aBatch())] }, context);
    expect(during).toEqual([{ since: iso(0), reason: "no_answer", source: "keepa", retry_at: iso(25_000) }]);
    expect(world.runs.get("enrich_cat_1_1")).toMatchObject({ state: "completed", enriched: 3 });
    expect(world.runs.get("enrich_cat_1_1")?.unrecorded).toBeUndefined();
  });

  it("says so of a batch too whose first results were recorded before the fault", async () => {
    const world = new ConsumerWorld();
    world.add(aRun(), aBatch());
    const deps = world.deps();
    const enrich: typeof deps.enrich = async ({ products: [first], deliver }) => {
      if (first) await deliver({ outcomes: new Map([[first.key, world.verdict(first.asin)]]), blockedBy: [] });
      throw new Error("a bug");
    };
    await createHandler({ ...deps, enrich })({ Records: [world.record(aBatch())] }, context);
    expect(world.runs.get("enrich_cat_1_1")).toMatchObject({
      enriched: 1,
      pending: 2,
      unrecorded: { reason: "not_recorded" },
    });
  });

  it("works on when the run cannot be told that an earlier delivery left nothing", async () => {
    const world = new ConsumerWorld();
    world.add(aRun(), aBatch());
    const deps = world.deps();
    const runs = Object.assign(Object.create(deps.runs) as typeof deps.runs, {
      noteUnrecorded: () => Promise.reject(new TransientError("slow")),
    });
    await createHandler({ ...deps, runs })({ Records: [world.record(aBatch(), { receives: 2 })] }, context);
    expect(world.runs.get("enrich_cat_1_1")).toMatchObject({ state: "completed", enriched: 3 });
  });

  it("gives records back when their leases end, where these cannot be given back either", async () => {
    const world = new ConsumerWorld();
    world.add(aRun(), aBatch());
    const deps = world.deps();
    const away = () => Promise.reject(new TransientError("the table is away"));
    const recorder = Object.assign(Object.create(deps.recorder) as typeof deps.recorder, { record: away });
    const batches = Object.assign(Object.create(deps.batches) as typeof deps.batches, { release: away });
    await createHandler({ ...deps, recorder, batches })({ Records: [world.record(aBatch())] }, context);
    // The function's 60 s, the lease's margin of 10 s, and a moment.
    expect(world.hurried).toEqual([[`r-${aBatch().batch_id}`, 71]]);
    world.nowMs += 71_000;
    expect(ids(await createHandler(deps)({ Records: [world.record(aBatch(), { receives: 2 })] }, context))).toEqual([]);
    expect(world.runs.get("enrich_cat_1_1")).toMatchObject({ state: "completed", enriched: 3 });
  });

  it("throws the fault itself, not that of giving leases back", async () => {
    const world = new ConsumerWorld();
    world.add(aRun(), aBatch());
    const deps = world.deps({ enrich: () => Promise.reject(new TransientError("the cause")) });
    const batches = Object.assign(Object.create(deps.batches) as typeof deps.batches, {
      release: () => Promise.reject(new TransientError("the table is away")),
    });
    const warned: unknown[] = [];
    const log = { ...deps.log, warn: (_: string, fields?: Record<string, unknown>) => void warned.push(fields?.error) };
    await createHandler({ ...deps, batches, log })({ Records: [world.record(aBatch())] }, context);
    expect(warned).toContain("TransientError: the cause");
  });

  it("hides records as long as their batches are leased, whatever the queue's own time, and works without that too", async () => {
    const world = new ConsumerWorld();
    world.add(aRun({ uploaded: 5, pending: 5, batches: 2, dispatched: 2 }), aBatch(), second);
    await createHandler(world.deps())({ Records: [world.record(aBatch())] }, context);
    expect(world.hidden).toEqual([[`r-${aBatch().batch_id}`, 71]]);
    const deps = world.deps();
    const ownQueue = { ...deps.ownQueue, changeVisibilities: () => Promise.reject(new TransientError("slow")) };
    expect(
      ids(await createHandler({ ...deps, ownQueue } as typeof deps)({ Records: [world.record(second)] }, context)),
    ).toEqual([]);
    expect(world.runs.get("enrich_cat_1_1")).toMatchObject({ state: "completed", enriched: 5 });
  });
});
