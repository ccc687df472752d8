import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isGiven } from "../../../../../lambdas/common/core/products/critical-fields.ts";
import { mergeFields, NOTHING_MERGED } from "../../../../../lambdas/common/core/products/merge.ts";
import { PRODUCT_FIELDS, type ProductFields } from "../../../../../lambdas/common/core/products/product.ts";
import { testSeed } from "../../../../helpers/test-seed.ts";

const SEED = testSeed("merge", 20_261_121);

const first = { source: "creators-api", fetched_at: "2026-11-20T10:00:00.000Z" } as const;
const second = { source: "keepa", fetched_at: "2026-11-20T10:00:05.000Z" } as const;

const text = fc.option(fc.constantFrom("", " ", "a", "b"));
const fields: fc.Arbitrary<Partial<ProductFields>> = fc.record(
  {
    title: text,
    brand: text,
    features: fc.option(fc.array(fc.string(), { maxLength: 2 })),
    image_url: fc.option(fc.constantFrom("https://x.test/1.jpg", "https://x.test/2.jpg")),
    current_price: fc.option(fc.constantFrom("1.00", "2.00")),
    original_price: fc.option(fc.constantFrom("3.00", "4.00")),
    currency: fc.option(fc.constantFrom("USD", "EUR")),
    savings_percentage: fc.option(fc.constantFrom(0, 50)),
    availability_type: fc.option(fc.constantFrom("in_stock", "unavailable", "unknown" as const)),
    availability_message: text,
    customer_review_count: fc.option(fc.constantFrom(0, 7)),
  },
  { requiredKeys: [] },
);

describe("merging the fields of sources", () => {
  it("never changes a field that an earlier source gave, and gives each field exactly one origin", () => {
    fc.assert(
      fc.property(fields, fields, (a, b) => {
        const one = mergeFields(NOTHING_MERGED, a, first);
        const both = mergeFields(one, b, second);
        for (const field of PRODUCT_FIELDS) {
          const silent = one.fields.availability_type === "unknown" || one.fields.availability_type === undefined;
          const replaceable = silent && (field === "availability_type" || field === "availability_message");
          if (isGiven(one.fields[field]) && !replaceable) {
            expect(both.fields[field]).toEqual(one.fields[field]);
            expect(both.provenance[field]).toEqual(first);
          }
          expect(isGiven(both.fields[field])).toBe(both.provenance[field] !== undefined);
        }
        expect(mergeFields(both, b, second)).toEqual(both);
      }),
      { seed: SEED, numRuns: 1000 },
    );
  });

  it("takes price, currency and original price from one source only", () => {
    fc.assert(
      fc.property(fields, fields, (a, b) => {
        const { provenance, fields: merged } = mergeFields(mergeFields(NOTHING_MERGED, a, first), b, second);
        const offer = ["current_price", "currency", "original_price", "savings_percentage"] as const;
        const origins = new Set(offer.flatMap((field) => provenance[field]?.source ?? []));
        expect(origins.size).toBeLessThanOrEqual(1);
        if (!isGiven(merged.current_price)) expect(origins.size).toBe(0);
      }),
      { seed: SEED, numRuns: 1000 },
    );
  });

  it("lets a definite availability replace an unknown one together with its message", () => {
    const unknown = { availability_type: "unknown", availability_message: "see all options" } as const;
    const one = mergeFields(NOTHING_MERGED, unknown, first);
    expect(one.fields).toEqual(unknown);
    const both = mergeFields(one, { availability_type: "in_stock" }, second);
    expect(both.fields).toEqual({ availability_type: "in_stock" });
    expect(both.provenance).toEqual({ availability_type: second });
  });

  it("takes blank texts and empty lists for nothing", () => {
    expect(mergeFields(NOTHING_MERGED, { title: "  ", features: [], brand: null }, first)).toEqual(NOTHING_MERGED);
  });
});
