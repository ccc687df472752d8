import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AsinSet, writeAsin } from "../../../../../../../lambdas/common/core/catalogs/ingest/rows/asin-set.ts";
import { ASIN_CHARACTERS } from "../../../../../../../lambdas/common/core/products/asin.ts";
import { testRuns } from "../../../../../../helpers/test-runs.ts";
import { testSeed } from "../../../../../../helpers/test-seed.ts";

const SEED = testSeed("ASIN set", 20_260_515);

const alphanumeric = fc.constantFrom(..."0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ");
const asins = fc.oneof(
  fc.string({ unit: alphanumeric, minLength: 8, maxLength: 8 }).map((rest) => `B0${rest}`),
  fc.integer({ min: 0, max: 300 }).map((number) => String(number).padStart(10, "0")),
);

const sorted = (set: AsinSet): string[] =>
  [...set.sortedKeys()].map((key) => {
    const bytes = Buffer.alloc(ASIN_CHARACTERS);
    writeAsin(key, bytes, 0);
    return bytes.toString();
  });

describe("AsinSet", () => {
  it("answers as a Set of strings does, in any order", () => {
    fc.assert(
      fc.property(fc.array(asins, { maxLength: 3000, size: "max" }), (list) => {
        const set = new AsinSet();
        const plain = new Set<string>();
        for (const asin of list) {
          expect(set.add(asin)).toBe(!plain.has(asin));
          plain.add(asin);
        }
        expect(set.size).toBe(plain.size);
        expect(sorted(set)).toEqual([...plain].sort());
      }),
      { seed: SEED, numRuns: testRuns(50) },
    );
  });

  it("tells neighbours and the extremes apart", () => {
    const set = new AsinSet();
    const all = ["0000000000", "0000000001", "000000000X", "B000000000", "B0ZZZZZZZZ", "B0ZZZZZZZY", "999999999X"];

    expect(all.map((asin) => set.add(asin))).toEqual(all.map(() => true));
    expect(all.map((asin) => set.add(asin))).toEqual(all.map(() => false));
    expect(sorted(set)).toEqual([...all].sort());
  });
});
