import { describe, expect, it } from "vitest";
import type { BatchRow } from "../../../lambdas/common/core/batches/batch-row.ts";
import type { RunRow } from "../../../lambdas/common/core/runs/run-row.ts";
import { createHandler } from "../../../lambdas/enrich-batch/handler.ts";
import { aBatch, anItem, aRun, asinNumber } from "../../helpers/rows.ts";
import { ConsumerWorld } from "../../helpers/worlds/consumer-world.ts";

const context = { getRemainingTimeInMillis: () => 60_000 };
const key = (n: number) => `www.amazon.com#${asinNumber(n)}`;

const worked = async (row: BatchRow, { receives = 1, run = aRun() }: { receives?: number; run?: RunRow } = {}) => {
  const world = new ConsumerWorld();
  world.add(run, row);
  await createHandler(world.deps())({ Records: [world.record(row, { receives })] }, context);
  return world;
};

describe("failures noted by a worker that died before it committed", () => {
  it("are closed when their products end well: those with a sign of an earlier try", async () => {
    const [first, second, third] = [1, 2, 3].map((n) => anItem({ asin: asinNumber(n) }));
    if (!first || !second || !third) throw new Error("three items");
    const items = [{ ...first, attempts: 3, error_code: "InternalError" }, { ...second, suspicions: 1 }, third];
    const world = await worked(aBatch({ items }));
    expect(world.closedFailures).toEqual([key(1), key(2)]);
  });

  it("are closed for all products of a batch that was received or sent again", async () => {
    expect((await worked(aBatch(), { receives: 2 })).closedFailures).toEqual([1, 2, 3].map(key));
    expect((await worked(aBatch({ resends: 1 }))).closedFailures).toEqual([1, 2, 3].map(key));
    expect((await worked(aBatch())).closedFailures).toEqual([]);
  });

  it("are closed for cancelled products too, but not for those that were settled before", async () => {
    const items = [anItem({ state: "failed", attempts: 3, error_code: "NotFound" }), anItem({ asin: asinNumber(2) })];
    const run = aRun({ state: "cancelled", uploaded: 2, pending: 1, failed: 1 });
    expect((await worked(aBatch({ items }), { receives: 2, run })).closedFailures).toEqual([key(2)]);
  });
});

describe("two records of one batch in one invocation", () => {
  it("are two claims, of which one holds it: the other record comes back", async () => {
    const world = new ConsumerWorld();
    world.add(aRun(), aBatch());
    const record = world.record(aBatch());
    // A queue may deliver one message twice, so not even its id tells them apart.
    const { batchItemFailures } = await createHandler(world.deps())({ Records: [record, record] }, context);
    expect(batchItemFailures).toHaveLength(1);
    expect(world.outcomes.flatMap(({ changes }) => changes)).toHaveLength(1);
  });
});

describe("room that a closed run makes", () => {
  it("is filled at once, because another run of the user may wait for it", async () => {
    const world = await worked(aBatch(), { run: aRun({ express: true }) });
    expect(world.runs.get("enrich_cat_1_1")).toMatchObject({ state: "completed", dispatched: 1, batches: 1 });
    expect(world.topUps).toBe(1);
  });
});
