import { describe, expect, it } from "vitest";
import { createHandler } from "../../../lambdas/reconcile/handler.ts";
import { aBatch, anItem, aRun, NOON } from "../../helpers/rows.ts";
import { nothing, world } from "./reconcile-world.ts";

const iso = (ms: number) => new Date(NOON + ms).toISOString();

describe("reconcile", () => {
  it("wakes a batch whose worker died, by the queue of its run, and says that work was stuck", async () => {
    const { deps, sent, replaced, counted } = world([aBatch({ due_at: iso(-1) })], aRun({ express: true }));
    expect(await createHandler(deps)()).toMatchObject({ resent: 1 });
    expect(replaced[0]).toMatchObject({ generation: 2, resends: 1 });
    expect(sent).toMatchObject([
      { queue: "express-queue", messages: [{ delaySeconds: 0, message: { generation: 2 } }] },
    ]);
    expect(counted).toEqual(["StuckWorkFound"]);
  });

  it("wakes a batch by the queue that it came from: not all of an express run goes by the express queue", async () => {
    for (const [express, queue, expected] of [
      [true, "bulk", "bulk-queue"],
      [true, "express", "express-queue"],
      [false, "bulk", "bulk-queue"],
      [false, undefined, "bulk-queue"],
    ] as const) {
      const row = aBatch({ due_at: iso(-1), ...(queue === undefined ? {} : { queue }) });
      const { deps, sent, replaced } = world([row], aRun({ express, state: "running" }));
      await createHandler(deps)();
      expect(sent.map((one) => one.queue)).toEqual([expected]);
      expect(replaced[0]?.queue).toBe(queue);
    }
  });

  it("writes how many products could be worked on, none too: an alarm compares it with those that end", async () => {
    const busy = aRun({ state: "running", pending: 5, parked: 1 });
    for (const [open, expected] of [
      [[busy, aRun({ state: "paused", pending: 9 })], 4],
      [[], 0],
    ] as const) {
      const { deps, gauged } = world([], undefined, open);
      await createHandler(deps)();
      expect(gauged).toContainEqual(["ServableProducts", expected]);
    }
  });

  it("writes the depth of each queue, and leaves out one that does not answer without failing for it", async () => {
    const { deps, gauged } = world([]);
    const depthOf = deps.depths.read;
    const read: typeof depthOf = async (queue) => {
      if (queue === "ingest") throw new Error("the queue is away");
      return depthOf(queue);
    };
    await createHandler({ ...deps, depths: { read } })();
    expect(gauged.filter((figure) => figure[0] === "QueueDepth")).toEqual([
      ["QueueDepth", 6, { queue: "enrich" }],
      ["QueueDepth", 14, { queue: "enrich-express" }],
    ]);
  });

  it("sends nothing when somebody else was faster", async () => {
    const { deps, sent } = world([aBatch({ due_at: iso(-1) })]);
    const report = await createHandler({ ...deps, batches: { ...deps.batches, replace: async () => false } })();
    expect(report.resent).toBe(0);
    expect(sent).toEqual([]);
  });

  it("leaves what is held by a live worker or paused for later", async () => {
    const { deps, sent, replaced } = world([aBatch({ due_at: iso(-1), lease_until: iso(9_000) })]);
    expect(await createHandler(deps)()).toMatchObject({ postponed: 1, resent: 0 });
    expect(sent).toEqual([]);
    // Its holder records on the version that it claimed.
    expect(replaced).toEqual([]);
    const paused = world([aBatch({ due_at: iso(-1) })], aRun({ state: "paused" }));
    expect(await createHandler(paused.deps)()).toMatchObject({ postponed: 1, resent: 0 });
    expect(paused.replaced).toHaveLength(1);
  });

  it("fails the products of a batch that made no progress in five resends, with words that help", async () => {
    const items = [anItem({ state: "enriched" }), anItem()];
    const { deps, recorded, failures, totals } = world([aBatch({ items, due_at: iso(-1), resends: 5 })]);
    expect(await createHandler(deps)()).toMatchObject({ settled: 1 });
    // Products that nobody enriched count like those that failed at their sources.
    expect(Object.fromEntries(totals)).toMatchObject({
      ...{ EnrichmentRequests: 1, EnrichmentFailures: 1, "EnrichmentFailures DEAD_LETTERED": 1 },
      ...{ "EnrichmentRequests NA": 1, "EnrichmentFailures NA": 1 },
    });
    expect(recorded[0]?.changes[0]?.after.items[1]).toMatchObject({ state: "failed", error_code: "DEAD_LETTERED" });
    expect(failures).toMatchObject([
      { error_code: "DEAD_LETTERED", message: expect.stringContaining("dead-letter queue") },
    ]);
  });

  it("closes runs that have nothing left", async () => {
    const { deps, rechecked } = world([], undefined, [
      aRun({ pending: 0, batch_id: "done" }),
      aRun({ batch_id: "open" }),
    ]);
    expect(await createHandler(deps)()).toMatchObject({ closed: 1 });
    // A worker that died after its last record may not have said what the others wait for.
    expect(rechecked).toEqual(["open"]);
  });

  it("passes over rows that were deleted meanwhile, and removes those whose run is gone", async () => {
    const { deps, removed } = world([aBatch({ due_at: iso(-1) })]);
    const gone = { ...deps, batches: { ...deps.batches, get: async () => undefined } };
    expect(await createHandler(gone)()).toEqual(nothing);
    const orphan = { ...deps, runs: { ...deps.runs, getRun: async () => undefined } };
    expect(await createHandler(orphan)()).toEqual(nothing);
    expect(removed).toEqual([aBatch().batch_id]);
  });
});
