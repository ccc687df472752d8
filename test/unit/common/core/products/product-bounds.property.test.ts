import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FailureStore } from "../../../../../lambdas/common/adapters/dynamodb/failures/failure-store.ts";
import { ProductStore } from "../../../../../lambdas/common/adapters/dynamodb/products/product-store.ts";
import { draftOf } from "../../../../../lambdas/common/core/products/assembly/draft-product.ts";
import { missingFields } from "../../../../../lambdas/common/core/products/assembly/missing-fields.ts";
import { assembleProduct } from "../../../../../lambdas/common/core/products/assembly/product-assembly.ts";
import { isGiven } from "../../../../../lambdas/common/core/products/critical-fields.ts";
import { mergeFields, NOTHING_MERGED } from "../../../../../lambdas/common/core/products/merge.ts";
import type { ProductFields } from "../../../../../lambdas/common/core/products/product.ts";
import { boundFields } from "../../../../../lambdas/common/core/products/product-bounds.ts";
import { freshFieldsOf } from "../../../../../lambdas/common/core/products/quality/fresh-fields.ts";
import { qualityOf } from "../../../../../lambdas/common/core/products/quality/quality.ts";
import { upstreamWords } from "../../../../../lambdas/common/core/sources/upstream/upstream-words.ts";
import { isAllUnicode, itemBytes, MAX_ITEM_BYTES } from "../../../../helpers/memory/item-rules.ts";
import { MemoryDynamo } from "../../../../helpers/memory/memory-dynamo.ts";
import { rightsAt } from "../../../../helpers/rights.ts";
import { asinNumber, NOON } from "../../../../helpers/rows.ts";
import { silentLog } from "../../../../helpers/silent.ts";
import { testRuns } from "../../../../helpers/test-runs.ts";
import { testSeed } from "../../../../helpers/test-seed.ts";

const SEED = testSeed("bounds of products");
const US = "www.amazon.com";

const UNITS = ["a", "é", "€", "😀", "\ud83d", "\ude00", "\u0000", " "];
/** A text of any characters, halves of pairs included, repeated so often. */
const strange = (...times: readonly number[]): fc.Arbitrary<string> =>
  fc
    .tuple(fc.string({ unit: fc.constantFrom(...UNITS), minLength: 1 }), fc.constantFrom(...times))
    .map(([text, n]) => text.repeat(n));
/** A text of any length. */
const hostile = strange(1, 1, 7, 300, 50_000);
/** One of many. */
const entry = strange(1, 7, 600);
const url = fc.oneof(
  entry.map((text) => `https://images.example/${text}`),
  fc.constantFrom("https://images.example/1.jpg", "", "no address", "javascript:1"),
);
const many = <T>(one: fc.Arbitrary<T>, times: readonly number[]): fc.Arbitrary<T[]> =>
  fc
    .tuple(fc.array(one, { maxLength: 4 }), fc.constantFrom(...times))
    .map(([few, n]) => Array<T[]>(n).fill(few).flat());
const nullable = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(one, { freq: 5 });
const size = fc.constantFrom(null, 1, 500, 0, -1, 1.5, Number.NaN, 2 ** 60);
const variant = fc.record({
  color_name: nullable(entry),
  asin: fc.constantFrom(asinNumber(1), asinNumber(2), "no asin"),
  images: many(fc.record({ small: nullable(url), medium: nullable(url), large: nullable(url) }), [1, 50]),
});
/** What a source may hand over, within its types. */
const fields: fc.Arbitrary<Partial<ProductFields>> = fc.record(
  {
    parent_asin: nullable(fc.constantFrom(asinNumber(9), "no asin")),
    title: nullable(hostile),
    description: nullable(hostile),
    brand: nullable(hostile),
    manufacturer: nullable(hostile),
    features: nullable(many(entry, [1, 3, 500])),
    specifications: nullable(many(fc.record({ name: entry, value: entry }), [1, 100])),
    categories: nullable(many(entry, [1, 3, 500])),
    image_url: nullable(url),
    images: nullable(many(fc.record({ url, width: size, height: size }), [1, 100])),
    detail_page_url: nullable(url),
    current_price: nullable(fc.constantFrom("1.00", "-1", "1e9", "9".repeat(30))),
    original_price: nullable(hostile),
    savings_percentage: nullable(fc.constantFrom(10, 101, Number.NaN)),
    currency: nullable(fc.constantFrom("USD", "", "\ud83d\ud83d\ud83d")),
    condition: nullable(hostile),
    availability_type: nullable(fc.constantFrom("in_stock", "unknown" as const)),
    availability_message: nullable(hostile),
    star_rating: nullable(fc.constantFrom(4.5, 6, Number.POSITIVE_INFINITY)),
    customer_review_count: nullable(fc.constantFrom(3, 1.5, 2 ** 60)),
    variants: nullable(many(variant, [1, 100])),
  },
  { requiredKeys: [] },
);

const FROM = { source: "creators-api", fetched_at: new Date(NOON).toISOString() } as const;
const tables = () => {
  const schema = {
    products: { keys: ["product_key"] as const },
    failures: { keys: ["tracking_id", "product_key"] as const },
  };
  const dynamo = new MemoryDynamo(schema);
  return { dynamo, store: new ProductStore(dynamo.client(), "products", rightsAt(), silentLog) };
};

describe("whatever a source answers", () => {
  it("is stored, within the size of an item and as Unicode, can be read again, and names what was cut", async () => {
    await fc.assert(
      fc.asyncProperty(fields, hostile, async (given, reason) => {
        const { dynamo, store } = tables();
        const { fields: bounded, cuts } = boundFields(given);
        const merged = mergeFields(NOTHING_MERGED, bounded, FROM, cuts);
        const product = assembleProduct(
          null,
          {
            ...{ asin: asinNumber(1), marketplace: US, ...merged },
            missing: missingFields(merged.fields, () => reason),
            quality: qualityOf(merged, { nowMs: NOON, ratingPossible: true }),
          },
          NOON,
        );
        const raw_keys = Array.from(
          { length: 200 },
          (_, n) => `raw/creators-api/2026-11-23/get-items-${US}-${n}-${"k".repeat(16)}`,
        );
        expect([...(await store.saveMany([{ product, raw_keys, refresh_until: FROM.fetched_at }]))]).toEqual([]);
        const [item = {}] = dynamo.items("products");
        expect(itemBytes(item)).toBeLessThan(MAX_ITEM_BYTES);
        expect(isAllUnicode(item)).toBe(true);
        expect((await store.getMany([product.product_id])).get(product.product_id)).toEqual(product);
        for (const [field, cut] of Object.entries(cuts)) {
          if (isGiven(bounded[field as keyof ProductFields]) && field in merged.provenance) {
            expect(product.missing).toContainEqual({ field, reason: cut });
          }
        }
      }),
      { seed: SEED, numRuns: testRuns(60) },
    );
  });

  it("keeps what was cut named while the product waits and when it is finished later", () => {
    const { fields: bounded, cuts } = boundFields({ title: "t".repeat(450_000), brand: "b" });
    const draft = draftOf(
      null,
      { ...mergeFields(NOTHING_MERGED, bounded, FROM, cuts), asin: asinNumber(1), marketplace: US },
      "waiting",
      NOON,
    );
    const again = draftOf(draft, { ...NOTHING_MERGED, asin: asinNumber(1), marketplace: US }, "waiting", NOON + 1_000);
    const cut = { field: "title", reason: "too large to keep whole: cut to 2048 bytes" };
    for (const product of [draft, again]) {
      expect(product.missing).toContainEqual(cut);
      expect(product.provenance.brand).toEqual(FROM);
      expect(freshFieldsOf(product, NOON + 2_000).provenance.title).toEqual({ ...FROM, cut: cut.reason });
    }
  });

  it("leaves fields as they are that are within their bounds", () => {
    const given: Partial<ProductFields> = {
      title: "Lampe für den Schreibtisch 😀",
      features: ["hell", "leicht"],
      images: [{ url: "https://images.example/1.jpg", width: 500, height: null }],
      variants: [
        {
          color_name: "rot",
          asin: asinNumber(2),
          images: [{ small: null, medium: null, large: "https://i.example/l" }],
        },
      ],
      current_price: "19.90",
      savings_percentage: 0,
    };
    expect(boundFields(given)).toEqual({ fields: given, cuts: {} });
  });
});

describe("whatever a source says of a failure", () => {
  it("is stored with the failure", async () => {
    await fc.assert(
      fc.asyncProperty(hostile, hostile, async (code, message) => {
        const { dynamo } = tables();
        const words = upstreamWords({ code, message });
        expect(words.code).toMatch(/^[\x20-\x7e]{1,100}$/);
        await new FailureStore(dynamo.client(), "failures").saveMany([
          {
            ...{
              tracking_id: "run",
              product_key: `${US}#${asinNumber(1)}`,
              catalog_id: "c",
              batch_id: "b",
              attempts: 0,
            },
            ...{ error_code: words.code, source: null, raw_code: code, message, failed_at: FROM.fetched_at },
          },
        ]);
        const [item = {}] = dynamo.items("failures");
        expect(itemBytes(item)).toBeLessThan(4_096);
        expect(isAllUnicode(item)).toBe(true);
      }),
      { seed: SEED, numRuns: testRuns(100) },
    );
  });
});
