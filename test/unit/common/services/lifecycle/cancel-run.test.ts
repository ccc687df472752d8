import { beforeEach, describe, expect, it } from "vitest";
import { LifecycleWorld } from "../../../../helpers/worlds/lifecycle/lifecycle-world.ts";
import { requestIds } from "./lifecycle-steps.ts";

let world: LifecycleWorld;
let line: ReturnType<LifecycleWorld["process"]>;

/** For what happens beside the test at once, unless the machine is busy. */
const PATIENCE = { timeout: 15_000, interval: 5 };

/** Every request is one of its own. */
const requestId = requestIds();

/** 40 products in batches of 5: 28 and 12 in two shops, so 9 batches; the window holds 12 products. */
beforeEach(async () => {
  world = new LifecycleWorld();
  line = world.process();
  await world.open(40, 5);
});

const counts = () => {
  const { pending, enriched, failed, cancelled } = world.run;
  return { pending, enriched, failed, cancelled };
};

describe("cancelling", () => {
  it("counts what was never sent at once, settles what waits, and leaves what is held to its holder", async () => {
    await line.dispatcher.topUp();
    const [held] = world.rows;
    if (!held) throw new Error("nothing was sent");
    await line.batches.claim({
      catalog_id: held.catalog_id,
      batch_id: held.batch_id,
      generation: 1,
      owner: "holder",
      now: new Date(world.nowMs).toISOString(),
      lease_until: new Date(world.nowMs + 70_000).toISOString(),
    });
    const run = await line.lifecycle.cancel(world.run, requestId());
    expect(run).toMatchObject({ state: "cancelled", pending: held.items.length, cancelled: 40 - held.items.length });
    expect(run.open_shard).toBeDefined();
    world.nowMs += 71_000;
    await line.reconcile();
    expect(world.run).toMatchObject({
      state: "cancelled",
      pending: 0,
      cancelled: 40,
      dropped: 9 - world.run.dispatched,
    });
    expect(world.run.open_shard).toBeUndefined();
    expect(world.calls).toEqual([]);
  });

  it("keeps what was enriched before, and what comes of a call that was under way", async () => {
    await line.dispatcher.topUp();
    let stopping: Promise<unknown> | undefined;
    world.verdict = () => {
      // The first call is on its way when the cancel comes.
      stopping ??= line.lifecycle.cancel(world.run, requestId());
      return { kind: "enriched", source: "creators-api", fromCache: false, incomplete: false };
    };
    await line.consume(1);
    await stopping;
    await line.consume(10);
    const { enriched } = world.run;
    expect(enriched).toBeGreaterThan(0);
    world.nowMs += 71_000;
    await line.reconcile();
    expect(counts()).toEqual({ pending: 0, enriched, failed: 0, cancelled: 40 - enriched });
  });

  it("closes failures that a worker noted before it died, and never committed", async () => {
    await line.dispatcher.topUp();
    world.verdict = () => ({ kind: "failed", code: "NotFound" });
    const noting = line.failures.saveMany.bind(line.failures);
    let noted = 0;
    line.failures.saveMany = async (failures) => {
      await noting(failures);
      noted += failures.length;
      if (noted > 0) return new Promise(() => {});
    };
    void line.consume(1);
    await expect.poll(() => noted, PATIENCE).toBeGreaterThan(0);
    expect((await line.failures.listOpen(world.runId, { limit: 100 })).items).toHaveLength(noted);
    await line.lifecycle.cancel(world.run, requestId());
    world.nowMs += 71_000;
    await line.reconcile();
    expect(world.run).toMatchObject({ pending: 0, failed: 0, cancelled: 40 });
    expect((await line.failures.listOpen(world.runId, { limit: 100 })).items).toEqual([]);
  });

  it("finishes for a sender that died half-way, before it counts what was not sent", async () => {
    let steps = 0;
    const dying = world.process(async () => {
      steps += 1;
      if (steps > 5) return new Promise(() => {});
    });
    void dying.dispatcher.topUp();
    await expect.poll(() => steps, PATIENCE).toBeGreaterThan(5);
    expect(world.run).toMatchObject({ dispatched: 0, claim: { from: 1 } });
    const written = world.rows.length;
    expect(written).toBeGreaterThan(0);
    const soon = await line.lifecycle.cancel(world.run, requestId());
    // It may still live: nothing is counted twice by guessing.
    expect(soon).toMatchObject({ state: "cancelled", cancelled: world.rows.flatMap(({ items }) => items).length });
    world.nowMs += 61_000;
    await line.dispatcher.topUp();
    await line.reconcile();
    expect(world.run).toMatchObject({ pending: 0, cancelled: 40 });
    expect(world.run.open_shard).toBeUndefined();
    expect(world.countedFromRows().cancelled).toBe(40);
  });
});

describe("deleting", () => {
  it("cancels the run, removes rows, failures and files, the catalog's row last, and late messages do nothing", async () => {
    world.verdict = () => ({ kind: "failed", code: "NotFound" });
    await line.dispatcher.topUp();
    await line.consume(1);
    const late = world.messages.length;
    expect(late).toBeGreaterThan(0);
    await line.deleted.markDeleted("cat_1", "user-1", new Date(world.nowMs).toISOString());
    await expect(line.catalogs.getCatalog("cat_1", "user-1")).rejects.toThrow("no catalog");
    // The one that deleted it died here: reconcile cancels the run and removes the rest.
    expect(await line.reconcile()).toMatchObject({ removed: 1 });
    expect(world.catalogItems).toEqual([]);
    expect(world.dynamo.items("failures")).toEqual([]);
    expect(world.removedObjects).toEqual(["cat_1"]);
    const calls = world.calls.length;
    world.nowMs += 3_000;
    await line.consume(10);
    expect(world.messages).toEqual([]);
    expect(world.calls).toHaveLength(calls);
    expect(world.catalogItems).toEqual([]);
  });

  it("waits for what is held, and is nobody else's to do", async () => {
    await line.dispatcher.topUp();
    const [held] = world.rows;
    if (!held) throw new Error("nothing was sent");
    const now = new Date(world.nowMs).toISOString();
    await line.batches.claim({
      catalog_id: "cat_1",
      batch_id: held.batch_id,
      generation: 1,
      owner: "holder",
      now,
      lease_until: new Date(world.nowMs + 70_000).toISOString(),
    });
    await expect(line.deleted.markDeleted("cat_1", "user-2", now)).rejects.toThrow("no catalog");
    await line.deleted.markDeleted("cat_1", "user-1", now);
    expect(await line.reconcile()).toMatchObject({ removed: 0 });
    expect(world.run).toMatchObject({ state: "cancelled", pending: held.items.length });
    world.nowMs += 71_000;
    expect(await line.reconcile()).toMatchObject({ removed: 1 });
    expect(world.catalogItems).toEqual([]);
  });
});
