import { describe, expect, it } from "vitest";
import { draftOf } from "../../../../../../lambdas/common/core/products/assembly/draft-product.ts";
import { assembleProduct } from "../../../../../../lambdas/common/core/products/assembly/product-assembly.ts";
import { mergeFields, NOTHING_MERGED } from "../../../../../../lambdas/common/core/products/merge.ts";
import {
  type Product,
  type ProductFields,
  ProductSchema,
} from "../../../../../../lambdas/common/core/products/product.ts";
import { freshFieldsOf } from "../../../../../../lambdas/common/core/products/quality/fresh-fields.ts";
import { isFresh, RUN_TTL_SECONDS } from "../../../../../../lambdas/common/core/products/quality/freshness.ts";
import { qualityOf } from "../../../../../../lambdas/common/core/products/quality/quality.ts";
import type { SourceId } from "../../../../../../lambdas/common/core/source-ids.ts";

const NOW = Date.parse("2026-11-20T10:00:00.000Z");
const HOUR = 3_600_000;
const iso = (ms: number): string => new Date(ms).toISOString();
const id = { asin: "B07CXG6C9W", marketplace: "www.amazon.com" };
const merged = (fields: Partial<ProductFields>, source: SourceId, at: number, base = NOTHING_MERGED) =>
  mergeFields(base, fields, { source, fetched_at: iso(at) });
const stored = (fields: Partial<ProductFields>, at: number, source: SourceId = "creators-api"): Product => {
  const all = merged(fields, source, at);
  const quality = qualityOf(all, { nowMs: at, ratingPossible: true });
  return assembleProduct(null, { ...id, ...all, missing: [], quality }, at);
};
const FULL: Partial<ProductFields> = {
  title: "Old title",
  current_price: "1.00",
  currency: "USD",
  availability_type: "in_stock",
  image_url: "https://x.test/1.jpg",
};

describe("a product that still waits for a source", () => {
  it("is a draft with what was fetched, and says what it waits for", () => {
    const draft = draftOf(null, { ...id, ...merged({ title: "T" }, "creators-api", NOW) }, "waiting: for keepa", NOW);
    expect(ProductSchema.parse(draft)).toEqual(draft);
    expect(draft).toMatchObject({ status: "draft", title: "T", stale: false, current_price: null });
    expect(draft.missing).toContainEqual({ field: "current_price", reason: "waiting: for keepa" });
  });

  it("keeps what an older copy has beyond that, with its age, and counts as stale", () => {
    const old = stored(FULL, NOW - 30 * HOUR);
    const draft = draftOf(old, { ...id, ...merged({ title: "New title" }, "creators-api", NOW) }, "waiting", NOW);
    expect(draft).toMatchObject({ status: "active", title: "New title", current_price: "1.00", stale: true });
    expect(draft.provenance).toMatchObject({
      title: { fetched_at: iso(NOW) },
      current_price: { fetched_at: iso(NOW - 30 * HOUR) },
    });
    expect(isFresh(draft, NOW, RUN_TTL_SECONDS)).toBe(false);
    // Only what was paid for today need not be paid for again.
    expect(freshFieldsOf(draft, NOW)).toEqual(merged({ title: "New title" }, "creators-api", NOW));
  });
});

describe("the fields that need not be paid for again", () => {
  it("are those younger than 24 hours", () => {
    expect(freshFieldsOf(stored(FULL, NOW), NOW + 24 * HOUR - 1).fields).toMatchObject(FULL);
    expect(freshFieldsOf(stored(FULL, NOW), NOW + 24 * HOUR)).toEqual(NOTHING_MERGED);
  });

  it("leave out invented data and all of a product that is marked unavailable", () => {
    expect(freshFieldsOf(stored(FULL, NOW, "sample-data"), NOW)).toEqual(NOTHING_MERGED);
    expect(freshFieldsOf({ ...stored(FULL, NOW), status: "unavailable" }, NOW)).toEqual(NOTHING_MERGED);
  });
});
