import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { testRuns } from "../../../../../helpers/test-runs.ts";
import { testSeed } from "../../../../../helpers/test-seed.ts";
import { SlotWorld, type Slowness } from "./slot-world.ts";

const SEED = testSeed("late-calls");

/** Mostly quick; at times so slow that any slot is over. */
const slow = (most: number) =>
  fc.infiniteStream(
    fc.oneof(
      { arbitrary: fc.integer({ min: 0, max: 20 }), weight: 6 },
      { arbitrary: fc.integer({ min: 0, max: most }), weight: 2 },
    ),
  );

const next = (stream: Iterator<number>) => (): number => Number(stream.next().value);

const slowness = (most: number) =>
  fc.record({ table: slow(most), tokens: slow(most), recheck: slow(most), timer: slow(60) });

const world = (times: Record<"table" | "tokens" | "recheck" | "timer", Iterator<number>>): SlotWorld => {
  const given: Partial<Slowness> = {
    table: next(times.table),
    tokens: next(times.tokens),
    recheck: next(times.recheck),
    timer: next(times.timer),
  };
  return new SlotWorld(given);
};

describe("whatever is slow between a grant and its call", () => {
  it("no two requests are sent closer than the interval, with slow tables, tokens, rechecks and timers", async () => {
    let sent = 0;
    await fc.assert(
      fc.asyncProperty(slowness(1_500), fc.integer({ min: 2, max: 6 }), async (times, workers) => {
        const here = world(times);
        const calls = Array.from({ length: workers }, async () => {
          const call = here.worker();
          for (let made = 0; made < 4; made += 1) await call();
        });
        await here.run(Promise.all(calls));
        expect(here.smallestGap).toBeGreaterThanOrEqual(1_000);
        sent += here.sent.length;
      }),
      { seed: SEED, numRuns: testRuns(60) },
    );
    expect(sent).toBeGreaterThan(testRuns(60) * 4);
  });

  it("a slot is used at most once, and units of slots that were not used are given back", async () => {
    await fc.assert(
      fc.asyncProperty(slowness(700), async (times) => {
        const here = world(times);
        const calls = Array.from({ length: 3 }, async () => {
          const call = here.worker();
          for (let made = 0; made < 3; made += 1) await call();
        });
        await here.run(Promise.all(calls));
        const [item] = here.store.items.values();
        expect(item?.calls_used).toBeGreaterThanOrEqual(here.sent.length);
        expect(item?.sequence).toBeGreaterThanOrEqual(here.sent.length);
      }),
      { seed: SEED, numRuns: testRuns(40) },
    );
  });
});

describe("a link on which requests take their time", () => {
  it("has almost no two arrivals within a second, although their ways differ by more than the guard", async () => {
    const ways = fc.infiniteStream(
      fc.oneof(
        { arbitrary: fc.integer({ min: 10, max: 60 }), weight: 12 },
        { arbitrary: fc.integer({ min: 60, max: 250 }), weight: 1 },
      ),
    );
    let refused = 0;
    let arrived = 0;
    await fc.assert(
      fc.asyncProperty(ways, async (way) => {
        const here = new SlotWorld({ way: next(way) });
        here.isStrict = true;
        const calls = Array.from({ length: 4 }, async () => {
          const call = here.worker();
          for (let made = 0; made < 15; made += 1) await call();
        });
        await here.run(Promise.all(calls));
        refused += here.refused;
        arrived += here.arrived.length;
      }),
      { seed: SEED, numRuns: testRuns(20) },
    );
    expect(refused / arrived).toBeLessThan(0.002);
  });
});
