import { expect, it } from "vitest";
import type { BatchRow } from "../../../lambdas/common/core/batches/batch-row.ts";
import { isoTime } from "../../../lambdas/common/core/clock.ts";
import { planDispatch } from "../../../lambdas/common/core/runs/dispatch-window.ts";
import type { RunRow } from "../../../lambdas/common/core/runs/run-row.ts";
import type { SourceId } from "../../../lambdas/common/core/source-ids.ts";
import type { ProductOutcome } from "../../../lambdas/common/services/enrich/product-outcome.ts";
import { createHandler } from "../../../lambdas/enrich-batch/handler.ts";
import { aBatch, anItem, aRun, asinNumber, NOON } from "../../helpers/rows.ts";
import { ConsumerWorld } from "../../helpers/worlds/consumer-world.ts";

const context = { getRemainingTimeInMillis: () => 60_000 };
const TOMORROW = NOON + 20 * 3_600_000;
const WINDOW = 150;
const BATCH = 20;

const ENRICHED: ProductOutcome = {
  result: { kind: "enriched", source: "creators-api", fromCache: false, incomplete: false },
};
const waiting = (later: boolean, retryAtMs = TOMORROW, source: SourceId | null = null): ProductOutcome => ({
  result: { kind: "wait", retryAtMs, shortCall: false, later, source },
});
const blockedBy = (source: "creators-api" | "keepa") => ({
  ...{ source, code: "daily-quota", action: "Nothing to do." },
  retry_at: isoTime(TOMORROW),
});
const ITEMS = [1, 2].map((n) => anItem({ asin: asinNumber(n) }));

/** A bulk run over `products`, of which nothing is sent. */
const bulkRun = (products: number, overrides: Partial<RunRow> = {}): RunRow =>
  aRun({
    ...{ uploaded: products, pending: products, batches: products / BATCH, dispatched: 0 },
    segments: aRun().segments.map((segment) => ({ ...segment, products })),
    ...overrides,
  });

/** Sends what the window allows and works on it, batch by batch, until nothing is sent any more. */
const workOff = async (world: ConsumerWorld, id: string): Promise<RunRow> => {
  for (;;) {
    const run = world.runs.get(id) as RunRow;
    const batches = planDispatch([run], WINDOW)[0]?.batches ?? 0;
    if (batches === 0) return run;
    const rows = Array.from({ length: batches }, (_, index): BatchRow => {
      const number = run.dispatched + index + 1;
      const items = Array.from({ length: BATCH }, (_, n) => anItem({ asin: asinNumber(number * BATCH + n) }));
      return aBatch({ batch_id: `${id}#${number}`, number, items });
    });
    world.add({ ...run, dispatched: run.dispatched + batches }, ...rows);
    for (const row of rows) await createHandler(world.deps())({ Records: [world.record(row)] }, context);
  }
};

const workOn = (world: ConsumerWorld, ...rows: readonly BatchRow[]) =>
  createHandler(world.deps())({ Records: rows.map((row) => world.record(row)) }, context);

it("a run continues at its first source while products wait a day for the second, and waits once all was sent", async () => {
  const world = new ConsumerWorld();
  world.blocked = [blockedBy("keepa")];
  // Three in ten lack a field that only the second source has.
  world.verdict = (asin) => (Number(asin.slice(-1)) >= 7 ? waiting(true) : ENRICHED);
  world.add(bulkRun(4_000));
  const run = await workOff(world, aRun().batch_id);
  expect(run).toMatchObject({ dispatched: 200, enriched: 2_800, pending: 1_200, parked: 1_200, parked_first: 0 });
  expect(run).toMatchObject({ state: "waiting_for_source", blocked_by: [blockedBy("keepa")] });
});

it("a run continues at its first source too while the second keeps products waiting for seconds only", async () => {
  const world = new ConsumerWorld();
  world.verdict = (asin) => (Number(asin.slice(-1)) >= 7 ? waiting(true, NOON + 20_000, "keepa") : ENRICHED);
  world.add(bulkRun(4_000));
  const run = await workOff(world, aRun().batch_id);
  expect(run).toMatchObject({ dispatched: 200, enriched: 2_800, parked: 1_200, state: "running", blocked_by: [] });
  const rechecks = [...world.rows.values()].map((row) =>
    Math.min(...row.items.map((item) => Date.parse(item.next_attempt_at ?? isoTime(TOMORROW)))),
  );
  // Two minutes for 1,200 products: the source never sees all of them at once.
  expect(Math.min(...rechecks)).toBeLessThan(NOON + 25_000);
  expect(Math.max(...rechecks)).toBeGreaterThan(NOON + 100_000);
  expect(Math.max(...rechecks)).toBeLessThan(NOON + 140_001);
});

it("a run that only parks products for the second source continues too, and keeps nobody else out", async () => {
  const world = new ConsumerWorld();
  world.blocked = [blockedBy("keepa")];
  world.verdict = () => waiting(true);
  world.add(bulkRun(4_000));
  const run = await workOff(world, aRun().batch_id);
  expect(run).toMatchObject({ dispatched: 200, parked: 4_000, state: "waiting_for_source" });
  const other = bulkRun(4_000, { owner_id: "other", batch_id: "other" });
  expect(planDispatch([run, other], WINDOW)).toMatchObject([{ run: other, batches: 8 }]);
});

it("a run sends no more than the window once the day of its first source is used up", async () => {
  const world = new ConsumerWorld();
  world.blocked = [blockedBy("creators-api")];
  world.verdict = () => waiting(false);
  world.add(bulkRun(4_000));
  const run = await workOff(world, aRun().batch_id);
  expect(run).toMatchObject({ dispatched: 8, state: "waiting_for_source", parked: 160, parked_first: 160 });
});

it("a run that has sent less than all waits for its first source, though its last work settled something", async () => {
  const world = new ConsumerWorld();
  world.blocked = [blockedBy("creators-api")];
  world.verdict = (asin) => (asin === asinNumber(1) ? ENRICHED : waiting(false));
  world.add(bulkRun(200, { dispatched: 1, pending: 182, enriched: 18 }), aBatch({ items: ITEMS }));
  await workOn(world, aBatch({ items: ITEMS }));
  expect(world.runs.get(aRun().batch_id)).toMatchObject({ state: "waiting_for_source", parked: 1 });
});

it("a run waits when its last product does, though its last work settled something", async () => {
  const world = new ConsumerWorld();
  world.blocked = [blockedBy("creators-api")];
  world.verdict = (asin) => (asin === asinNumber(1) ? ENRICHED : waiting(false));
  const row = aBatch({ items: ITEMS });
  world.add(bulkRun(2, { batches: 1, dispatched: 1 }), row);
  await workOn(world, row);
  expect(world.runs.get(row.tracking_id)).toMatchObject({
    ...{ state: "waiting_for_source", enriched: 1, pending: 1 },
    blocked_by: [blockedBy("creators-api")],
  });
});

it("a run keeps the reason for what is parked when other products end well", async () => {
  const world = new ConsumerWorld();
  const parked = { ...anItem({ asin: asinNumber(1), parked: "later" }), next_attempt_at: isoTime(TOMORROW) };
  const rows = [
    aBatch({ items: [parked] }),
    aBatch({ batch_id: `${aRun().batch_id}#2`, number: 2, items: [anItem({ asin: asinNumber(2) })] }),
  ];
  const passed = { ...blockedBy("creators-api"), retry_at: isoTime(NOON) };
  const reasons = { state: "running" as const, blocked_by: [blockedBy("keepa"), passed], parked: 1 };
  world.add(bulkRun(2, { ...{ batches: 2, dispatched: 2 }, ...reasons }), ...rows);
  await workOn(world, ...rows.slice(1));
  expect(world.runs.get(aRun().batch_id)).toMatchObject({
    ...{ state: "waiting_for_source", enriched: 1, parked: 1 },
    blocked_by: [blockedBy("keepa")],
  });
});

it("a run says again that it runs, without a reason, once its parked products are taken up", async () => {
  const world = new ConsumerWorld();
  const items = [1, 2].map((n) => anItem({ asin: asinNumber(n), parked: "later", next_attempt_at: isoTime(NOON) }));
  const row = aBatch({ items });
  const reasons = { state: "waiting_for_source" as const, blocked_by: [blockedBy("keepa")], parked: 2 };
  world.add(bulkRun(2, { ...{ batches: 1, dispatched: 1 }, ...reasons }), row);
  world.verdict = (asin) => (asin === asinNumber(1) ? ENRICHED : waiting(true, NOON + 5_000, "keepa"));
  await workOn(world, row);
  expect(world.runs.get(row.tracking_id)).toMatchObject({ state: "running", blocked_by: [], pending: 1, parked: 1 });
});

it("a batch message that finds nothing due changes neither the state of its run nor the reason", async () => {
  const world = new ConsumerWorld();
  const row = aBatch({ items: [anItem({ parked: "first", next_attempt_at: isoTime(TOMORROW) })] });
  const state = { state: "waiting_for_source" as const, blocked_by: [blockedBy("creators-api")], parked: 1 };
  world.add(bulkRun(1, { ...{ batches: 1, dispatched: 1 }, ...state }), row);
  await workOn(world, row);
  expect(world.asked).toEqual([]);
  expect(world.runs.get(row.tracking_id)).toMatchObject(state);
  expect(world.rows.get(row.batch_id)).toMatchObject({ generation: 2, due_at: isoTime(TOMORROW) });
});
