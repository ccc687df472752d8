import { describe, expect, it } from "vitest";
import { recheckJitterMs } from "../../../../../../lambdas/common/core/batches/reschedule/recheck-jitter.ts";

const HOUR = 3_600_000;

/** Where batches of a run with `parked` products fall, in milliseconds. */
const spread = (parked: number, generation: number): number[] =>
  Array.from({ length: 1_000 }, (_, index) => recheckJitterMs(parked, { number: index + 1, generation }, false));

describe("the spread of rechecks", () => {
  it("lets few products look at once, and many ten a second", () => {
    expect(recheckJitterMs(0, { number: 7, generation: 3 }, true)).toBe(0);
    expect(Math.max(...spread(100, 1))).toBeLessThan(10_000);
    expect(Math.max(...spread(36_000, 1))).toBeGreaterThan(0.99 * HOUR);
    expect(Math.max(...spread(36_000, 1))).toBeLessThan(HOUR);
    expect(Math.max(...spread(1_000_000, 1))).toBeLessThan(12 * HOUR);
  });

  it("is even, so that no moment has many more than its share", () => {
    const counts = Map.groupBy(spread(36_000, 5), (ms) => Math.floor(ms / (HOUR / 10)));
    expect([...counts.values()].map(({ length }) => length).sort((a, b) => a - b)[0]).toBeGreaterThan(80);
    expect(counts.size).toBe(10);
  });

  it("is forty times as wide where each recheck costs the first source a part of a call", () => {
    const batch = { number: 3, generation: 2 };
    expect(recheckJitterMs(400, batch, true)).toBeCloseTo(40 * recheckJitterMs(400, batch, false), -3);
  });

  it("gives a batch another place at each recheck", () => {
    const places = Array.from({ length: 20 }, (_, generation) =>
      recheckJitterMs(36_000, { number: 1, generation }, false),
    );
    expect(new Set(places.map((ms) => Math.floor(ms / (HOUR / 10)))).size).toBe(10);
  });
});
