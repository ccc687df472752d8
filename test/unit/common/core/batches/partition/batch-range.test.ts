import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { batchRange } from "../../../../../../lambdas/common/core/batches/partition/batch-range.ts";
import { batchCount, batchSizeFor } from "../../../../../../lambdas/common/core/batches/partition/batch-size.ts";
import { testSeed } from "../../../../../helpers/test-seed.ts";

const segment = (products: number, n: number) => ({ marketplace: `m${n}`, key: `k${n}`, index_key: `i${n}`, products });

const SEED = testSeed("batch range", 20_261_123);

describe("batch ranges", () => {
  it("cover every product of every segment exactly once, in order", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 200 }), { maxLength: 5 }),
        fc.integer({ min: 5, max: 50 }),
        (sizes, batchSize) => {
          const segments = sizes.map(segment);
          const seen = segments.map(() => 0);
          for (let number = 1; number <= batchCount(segments, batchSize); number += 1) {
            const range = batchRange(segments, batchSize, number);
            const index = segments.indexOf(range.segment);
            expect(range.from).toBe(seen[index]);
            expect(range.count).toBeGreaterThan(0);
            seen[index] = range.from + range.count;
          }
          expect(seen).toEqual(sizes);
        },
      ),
      { seed: SEED },
    );
  });

  it("refuse a number that the run does not have", () => {
    expect(() => batchRange([segment(20, 0)], 20, 2)).toThrow("there is no batch 2: the run has 1");
    expect(() => batchRange([segment(20, 0)], 20, 0)).toThrow(RangeError);
  });
});

describe("automatic batch size", () => {
  it.each([
    [99, 15],
    [100, 20],
    [499, 20],
    [500, 25],
    [1000, 25],
    [1001, 30],
  ])("of %i products is %i", (products, size) => {
    expect(batchSizeFor("auto", products)).toBe(size);
  });

  it("gives way to what was asked for", () => {
    expect(batchSizeFor(7, 100_000)).toBe(7);
  });
});
