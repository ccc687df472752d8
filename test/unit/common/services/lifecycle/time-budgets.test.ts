import { beforeEach, describe, expect, it } from "vitest";
import { LifecycleWorld } from "../../../../helpers/worlds/lifecycle/lifecycle-world.ts";

/** Time in which an answer must be there: the function ends after 29 s. */
const IN_TIME_MS = 25_000;
/** Time in which the step of `reconcile` after the cancelled runs must have begun: the function ends after 150 s. */
const PASS_MS = 60_000;
const PRODUCTS = 1_200;
const PAGE_ITEMS = 100;

let world: LifecycleWorld;
let line: ReturnType<LifecycleWorld["process"]>;

/** A process whose every effect takes `stepMs`. */
const slow = (stepMs: number) =>
  world.process(async () => {
    world.nowMs += stepMs;
  });

const adds = (): void => {
  const { uploaded, pending, enriched, failed, cancelled, settled } = world.run;
  expect(enriched + failed + pending + cancelled).toBe(uploaded);
  expect(world.countedFromRows()).toMatchObject({ pending, enriched, failed, cancelled, settled });
};

/** A run of which everything failed, and everything was reopened: no window holds so much. */
beforeEach(async () => {
  world = new LifecycleWorld(undefined, PAGE_ITEMS);
  line = world.process();
  await world.open(PRODUCTS, 5);
  while (world.run.dispatched < world.run.batches) await line.dispatcher.dispatch(world.run, 100);
  world.verdict = () => ({ kind: "failed", code: "NotFound" });
  for (let round = 0; round < 100 && world.run.open_shard !== undefined; round += 1) {
    world.nowMs += 1_000;
    await line.consume(10);
  }
  const { products } = await line.lifecycle.retry(world.run, {});
  expect(products).toBe(PRODUCTS);
  expect(world.run).toMatchObject({ pending: PRODUCTS, failed: 0 });
  world.verdict = () => ({ kind: "enriched", source: "keepa", fromCache: false, incomplete: false });
});

describe("cancelling after a large retry", () => {
  it.each(["cancel", "stop"] as const)("answers in time, and reconcile ends it part by part: %s", async (action) => {
    const startMs = world.nowMs;
    await slow(40).lifecycle[action](world.run, "request");
    expect(world.nowMs - startMs).toBeLessThan(IN_TIME_MS);
    expect(world.run).toMatchObject({ state: "cancelled", open_shard: "open" });
    expect(world.run.cancelled).toBeGreaterThan(0);
    expect(world.run.pending).toBeGreaterThan(0);
    adds();
    const passes: number[] = [];
    while (world.run.open_shard !== undefined && passes.length < 20) {
      const fromMs = world.nowMs;
      const left = world.run.pending;
      await slow(40).reconcile();
      passes.push(world.nowMs - fromMs);
      expect(world.run.pending).toBeLessThan(left);
      adds();
    }
    expect(passes.length).toBeGreaterThan(1);
    expect(Math.max(...passes)).toBeLessThan(PASS_MS);
    expect(world.run).toMatchObject({ state: "cancelled", pending: 0, cancelled: PRODUCTS });
    expect(world.dynamo.items("failures").filter(({ closed_at }) => closed_at === undefined)).toEqual([]);
    expect(world.counted).toEqual([]);
  });

  it("says how much is left, and what is left is nobody's to enrich", async () => {
    const answered = await slow(40).lifecycle.cancel(world.run, "request");
    expect(answered).toMatchObject({ state: "cancelled", pending: world.run.pending });
    const calls = world.calls.length;
    for (let round = 0; round < 100 && world.run.open_shard !== undefined; round += 1) {
      world.nowMs += 5_000;
      await line.consume(10);
      adds();
    }
    expect(world.calls).toHaveLength(calls);
    expect(world.run).toMatchObject({ state: "cancelled", pending: 0, cancelled: PRODUCTS });
    expect(world.dynamo.items("failures").filter(({ closed_at }) => closed_at === undefined)).toEqual([]);
  });

  it("removes the deleted catalog in the end, however long the settling of its run takes", async () => {
    await line.deleted.markDeleted("cat_1", "user-1", new Date(world.nowMs).toISOString());
    let passes = 0;
    for (; world.catalogItems.length > 0 && passes < 40; passes += 1) {
      const fromMs = world.nowMs;
      await slow(40).reconcile();
      expect(world.nowMs - fromMs).toBeLessThan(2 * PASS_MS);
    }
    expect(passes).toBeGreaterThan(1);
    expect(world.catalogItems).toEqual([]);
    expect(world.dynamo.items("failures")).toEqual([]);
  });
});

describe("resuming after a large retry", () => {
  /** Long enough for everything to be due, and looked at by `reconcile` as often as in truth. */
  const pauseLong = async (): Promise<void> => {
    await line.lifecycle.pause(world.run, "pause");
    for (let minute = 0; minute < 30; minute += 1) {
      world.nowMs += 60_000;
      await line.consume(20);
      await line.reconcile();
    }
    await line.consume(1_000);
    expect(world.messages).toEqual([]);
    expect(world.run).toMatchObject({ state: "paused", pending: PRODUCTS });
  };

  const consumeOn = async (): Promise<void> => {
    for (let minute = 0; minute < 90 && world.run.open_shard !== undefined; minute += 1) {
      world.nowMs += 60_000;
      await line.reconcile();
      await line.consume(30);
      adds();
    }
  };

  it("answers in time, and reconcile resends the rest, which is no stuck work", async () => {
    await pauseLong();
    const startMs = world.nowMs;
    await slow(110).lifecycle.resume(world.run, "request");
    expect(world.nowMs - startMs).toBeLessThan(IN_TIME_MS);
    expect(world.messages.length).toBeGreaterThan(0);
    expect(world.messages.length).toBeLessThan(world.rows.length);
    await consumeOn();
    expect(world.counted).toEqual([]);
    expect(world.run).toMatchObject({ state: "completed", pending: 0, enriched: PRODUCTS });
  });

  it("resends a minute's work at once and the rest at the pace of the source, those due first first", async () => {
    await pauseLong();
    await line.lifecycle.resume(world.run, "request");
    expect(world.messages).toHaveLength(world.rows.length);
    const waits = world.messages.map(({ visibleAtMs }) => visibleAtMs - world.nowMs);
    // 1,200 products at ten a second take two minutes.
    expect(waits.filter((ms) => ms === 0).length * 5).toBeGreaterThanOrEqual(600);
    expect(waits.filter((ms) => ms === 0).length * 5).toBeLessThan(620);
    expect(Math.max(...waits)).toBeGreaterThan(55_000);
    expect(Math.max(...waits)).toBeLessThan(61_000);
    await consumeOn();
    expect(world.run).toMatchObject({ state: "completed", enriched: PRODUCTS });
  });
});
