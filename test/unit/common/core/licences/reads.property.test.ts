import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ProductStore } from "../../../../../lambdas/common/adapters/dynamodb/products/product-store.ts";
import { earlier } from "../../../../../lambdas/common/core/clock.ts";
import { enrichmentCells } from "../../../../../lambdas/common/core/exports/enrichment-cells.ts";
import { licenceBook } from "../../../../../lambdas/common/core/licences/licence-book.ts";
import { licensedProduct } from "../../../../../lambdas/common/core/licences/licensed-product.ts";
import { SOURCE_LICENCES } from "../../../../../lambdas/common/core/licences/source-licences.ts";
import { EXPIRED, withoutEnded } from "../../../../../lambdas/common/core/licences/without-ended.ts";
import { isGiven } from "../../../../../lambdas/common/core/products/critical-fields.ts";
import { PRODUCT_FIELDS, type Product } from "../../../../../lambdas/common/core/products/product.ts";
import { SOURCE_IDS } from "../../../../../lambdas/common/core/source-ids.ts";
import { MemoryDynamo } from "../../../../helpers/memory/memory-dynamo.ts";
import { aProduct } from "../../../../helpers/products.ts";
import { rightsAt } from "../../../../helpers/rights.ts";
import { NOON } from "../../../../helpers/rows.ts";
import { silentLog } from "../../../../helpers/silent.ts";
import { testRuns } from "../../../../helpers/test-runs.ts";
import { testSeed } from "../../../../helpers/test-seed.ts";

const SEED = testSeed("fields and their licences");
const DAY_MS = 24 * 3_600_000;
/** Reads of fields that the test makes at least, over all products. */
const FIELD_READS = 1_000_000;
const READS_OF_A_PRODUCT = 500;

const full = aProduct({
  parent_asin: "B000000009",
  description: "d",
  manufacturer: "m",
  features: ["f"],
  categories: ["c"],
  images: [{ url: "https://images.example/1.jpg", width: null, height: null }],
  original_price: "30.00",
  savings_amount: "10.10",
  savings_percentage: 34,
  variants: [],
});
/** By field a source, and how long before noon it was fetched; some fields have none at all. */
const origins = fc.array(
  fc.option(fc.tuple(fc.constantFrom(...SOURCE_IDS), fc.integer({ min: 0, max: 10 * DAY_MS })), { freq: 8 }),
  { minLength: PRODUCT_FIELDS.length, maxLength: PRODUCT_FIELDS.length },
);
const productOf = (drawn: readonly (readonly [(typeof SOURCE_IDS)[number], number] | null)[]): Product => {
  const from = new Map(PRODUCT_FIELDS.map((field, index) => [field, drawn[index] ?? null] as const));
  return {
    ...full,
    ...Object.fromEntries([...from].filter(([, origin]) => !origin).map(([field]) => [field, null])),
    provenance: Object.fromEntries(
      [...from].flatMap(([field, origin]) =>
        origin ? [[field, { source: origin[0], fetched_at: new Date(NOON - origin[1]).toISOString() }]] : [],
      ),
    ),
  };
};
/** When a field must be gone, from the table of licences alone; ASINs stay. */
const endOf = (product: Product, field: string): number => {
  const origin = product.provenance[field];
  if (!origin || field === "parent_asin") return Number.POSITIVE_INFINITY;
  const seconds = SOURCE_LICENCES[origin.source].store_seconds;
  return seconds === null ? Number.POSITIVE_INFINITY : Date.parse(origin.fetched_at) + seconds * 1_000;
};

describe("whatever the sources, the times and the clock", () => {
  it(`no field is given out at its end or after it, in ${FIELD_READS} reads, and none is kept back before`, () => {
    const book = licenceBook();
    const products = Math.ceil(FIELD_READS / PRODUCT_FIELDS.length / READS_OF_A_PRODUCT);
    let reads = 0;
    let ended = 0;
    fc.assert(
      fc.property(origins, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (drawn, draws) => {
        const product = productOf(drawn);
        const ends = PRODUCT_FIELDS.map((field) => endOf(product, field));
        const near = ends.filter(Number.isFinite);
        for (let read = 0; read < READS_OF_A_PRODUCT; read += 1) {
          const draw: number = draws.next().value ?? 0;
          // Every second read is within two milliseconds of some end.
          const edge = near[read % Math.max(1, near.length)];
          const nowMs =
            read % 2 === 0 && edge !== undefined
              ? edge + Math.floor(draw * 5) - 2
              : NOON + Math.floor(draw * 12 * DAY_MS);
          const seen = withoutEnded(product, book, nowMs);
          PRODUCT_FIELDS.forEach((field, index) => {
            reads += 1;
            const isOver = nowMs >= (ends[index] ?? 0);
            if (isOver) ended += 1;
            // Not `expect`, which would take minutes for a million.
            if (isGiven(seen[field]) !== (isGiven(product[field]) && !isOver)) {
              throw new Error(`${field} from ${JSON.stringify(product.provenance[field])}, read at ${nowMs}`);
            }
            if (isOver && !seen.missing.some((one) => one.field === field && one.reason === EXPIRED)) {
              throw new Error(`${field} is gone without a word`);
            }
          });
        }
      }),
      { numRuns: testRuns(products), seed: SEED },
    );
    expect(reads).toBeGreaterThanOrEqual(FIELD_READS);
    // Else the test would prove little.
    expect(ended / reads).toBeGreaterThan(0.1);
  });

  it("what is ours stays: identity, state and times, and when the first field ended", () => {
    fc.assert(
      fc.property(origins, fc.integer({ min: 0, max: 12 * DAY_MS }), (drawn, laterMs) => {
        const product = productOf(drawn);
        const nowMs = NOON + laterMs;
        const seen = withoutEnded(product, licenceBook(), nowMs);
        const { product_id, asin, marketplace, status, created_at, updated_at, last_available_at } = product;
        expect(seen).toMatchObject({
          product_id,
          asin,
          marketplace,
          status,
          created_at,
          updated_at,
          last_available_at,
        });
        const first = Math.min(...PRODUCT_FIELDS.map((field) => endOf(product, field)));
        expect(seen.expired_at).toBe(first <= nowMs ? new Date(first).toISOString() : null);
      }),
      { numRuns: testRuns(200), seed: SEED },
    );
  });

  it("what may not stand on a public site is in no public answer, and the rest is", () => {
    const book = licenceBook();
    fc.assert(
      fc.property(origins, (drawn) => {
        const product = withoutEnded(productOf(drawn), book, NOON);
        const seen = licensedProduct(product, book, { public: true });
        for (const field of PRODUCT_FIELDS) {
          const origin = product.provenance[field];
          const licence = origin && book[origin.source];
          const isPrice = /price|savings|currency|condition|availability/.test(field);
          const isRating = /rating|review/.test(field);
          const mayStand = (!isPrice || licence?.prices_public) && (!isRating || licence?.ratings_public);
          expect(isGiven(seen[field]), field).toBe(isGiven(product[field]) && mayStand === true);
          expect(seen.provenance[field]?.public ?? true).toBe(true);
        }
      }),
      { numRuns: testRuns(200), seed: SEED },
    );
  });

  it("the store gives out and an export shows no more than that, and an export's row ends with its first field", async () => {
    await fc.assert(
      fc.asyncProperty(origins, fc.integer({ min: 0, max: 3 * DAY_MS }), async (drawn, laterMs) => {
        const product = productOf(drawn);
        const dynamo = new MemoryDynamo({ products: { keys: ["product_key"] } });
        const nowMs = NOON + laterMs;
        const store = new ProductStore(
          dynamo.client(),
          "products",
          rightsAt(() => nowMs),
          silentLog,
        );
        await store.saveMany([{ product, raw_keys: [], refresh_until: null }]);
        const seen = (await store.getMany([product.product_id])).get(product.product_id);
        expect(seen).toEqual(withoutEnded(product, licenceBook(), nowMs));
        if (!seen) return;
        const cells = enrichmentCells(
          { line: 1, verdict: "valid", cells: [], product_key: product.product_id },
          { state: "enriched" },
          licensedProduct(seen, licenceBook()),
        );
        const shown = {
          title: cells.title,
          current_price: cells.price,
          currency: cells.currency,
          availability_type: cells.availability,
          image_url: cells.image_url,
          detail_page_url: cells.url,
        };
        let first: string | null = null;
        for (const [field, cell] of Object.entries(shown)) {
          const end = endOf(product, field);
          if (cell !== null && Number.isFinite(end)) first = earlier(first, new Date(end).toISOString());
          expect(cell === null || end > nowMs, field).toBe(true);
        }
        expect(cells.valid_until).toBe(first);
      }),
      { numRuns: testRuns(100), seed: SEED },
    );
  });
});
