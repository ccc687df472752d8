import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { refusedAt, staticBest } from "../../../../bench/rate-use/static-pace.ts";
import { testSeed } from "../../../helpers/test-seed.ts";

const SEED = testSeed("ways of an even pace");

describe("an even pace", () => {
  it("at the rate itself is refused nothing where every call takes the same way, and something a bit above it", () => {
    const ways = Array.from({ length: 20 }, () => 40);
    expect(refusedAt(1, 1_000, ways)).toBe(0);
    expect(refusedAt(1, 999, ways)).toBeGreaterThan(0);
    expect(refusedAt(4, 250, ways)).toBe(0);
    expect(refusedAt(4, 249, ways)).toBeGreaterThan(0);
  });

  it("is refused the call that comes too soon after a late one, until the interval covers the difference", () => {
    expect(refusedAt(1, 1_000, [20, 300, 20, 20])).toBe(1);
    expect(refusedAt(1, 1_279, [20, 300, 20, 20])).toBe(1);
    expect(refusedAt(1, 1_280, [20, 300, 20, 20])).toBe(0);
  });

  it("is refused nothing at one call a second when no neighbours differ by more than its room, and else something", () => {
    const ways = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 2, maxLength: 40 });
    fc.assert(
      fc.property(ways, (waysMs) => {
        const most = Math.max(0, ...waysMs.slice(1).map((way, index) => (waysMs[index] ?? way) - way));
        expect(refusedAt(1, 1_000 + most, waysMs)).toBe(0);
        if (most > 0) expect(refusedAt(1, 999 + most, waysMs)).toBeGreaterThan(0);
      }),
      { numRuns: 200, seed: SEED },
    );
  });
});

describe("the best even pace", () => {
  it("is the whole rate where no network delays anything", () => {
    expect(staticBest({ network: "none", rate: 1, calls: 300 }, 5)).toEqual({ half: 1, safe: 1 });
  });

  it.each([
    ["good", 0.93],
    ["bad", 0.71],
  ] as const)("over a %s network is about %f of the rate, and lower for who wants to be safe", (network, share) => {
    const { half, safe } = staticBest({ network, rate: 1, calls: 300 }, 60);
    expect(safe).toBeLessThan(half);
    expect(Math.abs((half + safe) / 2 - share)).toBeLessThan(0.02);
  });

  it("is the same for the same seeds, and lower for more calls, of which one is later than before", () => {
    const of = (calls: number) => staticBest({ network: "bad", rate: 1, calls }, 40).half;
    expect(of(100)).toBe(of(100));
    expect(of(300)).toBeLessThan(of(30));
  });
});
