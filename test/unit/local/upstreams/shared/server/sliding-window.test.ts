import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SlidingWindow } from "../../../../../../local/upstreams/shared/server/sliding-window.ts";
import { testSeed } from "../../../../../helpers/test-seed.ts";

const seed = testSeed("sliding window", 20_261_123);

/** The most calls inside any span, counted the slow way. */
const most = (times: readonly number[], spanMs: number): number =>
  Math.max(0, ...times.map((from) => times.filter((time) => time >= from && time - from < spanMs).length));

describe("the sliding window", () => {
  it("lets two calls pass that are exactly one span apart and refuses a third between them", () => {
    const window = new SlidingWindow();
    expect(window.tryTake(1000, 1, 1000).taken).toBe(true);
    expect(window.tryTake(1999.9, 1, 1000)).toEqual({ taken: false, retryAfterMs: 1 });
    expect(window.tryTake(2000, 1, 1000).taken).toBe(true);
  });

  it("does not let a burst meet another at the border of a second", () => {
    const window = new SlidingWindow();
    for (const at of [900, 910, 920]) expect(window.tryTake(at, 3, 1000).taken).toBe(true);
    expect(window.tryTake(1010, 3, 1000).taken).toBe(false);
    expect(window.tryTake(1901, 3, 1000).taken).toBe(true);
  });

  it("judges a call that is looked at late by its time of arrival", () => {
    const window = new SlidingWindow();
    expect(window.tryTake(5000, 1, 1000).taken).toBe(true);
    expect(window.tryTake(4500, 1, 1000).taken).toBe(false);
    expect(window.tryTake(4000, 1, 1000).taken).toBe(true);
    expect(window.tryTake(5999, 1, 1000).taken).toBe(false);
  });

  it("never lets more than the limit into any span, in whatever order the calls are judged", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 3999 }), { maxLength: 40 }),
        fc.integer({ min: 1, max: 4 }),
        (times, limit) => {
          const window = new SlidingWindow();
          const taken = times.filter((at) => window.tryTake(at, limit, 1000).taken);
          expect(most(taken, 1000)).toBeLessThanOrEqual(limit);
        },
      ),
      { seed, numRuns: 500 },
    );
  });

  it("takes every call that breaks no rule, when they are judged in order", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3999 }), { maxLength: 40 }), (times) => {
        const window = new SlidingWindow();
        const taken: number[] = [];
        for (const at of times.toSorted((left, right) => left - right)) {
          const fits = most([...taken, at], 1000) <= 2;
          expect(window.tryTake(at, 2, 1000).taken).toBe(fits);
          if (fits) taken.push(at);
        }
      }),
      { seed, numRuns: 500 },
    );
  });
});
