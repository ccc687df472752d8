import { describe, expect, it } from "vitest";
import { missingFields } from "../../../../../../lambdas/common/core/products/assembly/missing-fields.ts";
import {
  assembleProduct,
  markNotFound,
} from "../../../../../../lambdas/common/core/products/assembly/product-assembly.ts";
import type { Enrichment } from "../../../../../../lambdas/common/core/products/enrichment.ts";
import { mergedFieldsOf, mergeFields, NOTHING_MERGED } from "../../../../../../lambdas/common/core/products/merge.ts";
import { type ProductFields, ProductSchema } from "../../../../../../lambdas/common/core/products/product.ts";
import { isFresh } from "../../../../../../lambdas/common/core/products/quality/freshness.ts";
import { qualityOf } from "../../../../../../lambdas/common/core/products/quality/quality.ts";
import type { SourceId } from "../../../../../../lambdas/common/core/source-ids.ts";

const NOW = Date.parse("2026-11-20T10:00:00.000Z");
const LATER = NOW + 3_600_000;
const iso = (ms: number): string => new Date(ms).toISOString();

const enrichment = (fields: Partial<ProductFields>, source: SourceId = "creators-api", at = NOW): Enrichment => {
  const merged = mergeFields(NOTHING_MERGED, fields, { source, fetched_at: iso(at) });
  return {
    asin: "B07CXG6C9W",
    marketplace: "www.amazon.com",
    ...merged,
    missing: missingFields(merged.fields, () => "creators-api has none"),
    quality: qualityOf(merged, { nowMs: at, ratingPossible: true }),
  };
};
const FULL: Partial<ProductFields> = {
  title: "T",
  current_price: "1.00",
  currency: "USD",
  availability_type: "in_stock",
  image_url: "https://x.test/1.jpg",
};

describe("the product to store", () => {
  it("is active with its critical fields, has every field, and passes the product schema", () => {
    const product = assembleProduct(null, enrichment(FULL), NOW);
    expect(ProductSchema.parse(product)).toEqual(product);
    expect(product).toMatchObject({
      product_id: "www.amazon.com#B07CXG6C9W",
      status: "active",
      brand: null,
      stale: false,
      simulated: false,
      created_at: iso(NOW),
      last_available_at: iso(NOW),
      provenance: { title: { source: "creators-api", fetched_at: iso(NOW) } },
    });
    expect(product.missing).toContainEqual({ field: "brand", reason: "creators-api has none" });
    expect(product.missing.map(({ field }) => field)).not.toContain("variants");
  });

  it("gives back its fields with their origins", () => {
    const input = enrichment(FULL);
    const { fields, provenance } = mergedFieldsOf(assembleProduct(null, input, NOW));
    expect({ fields, provenance }).toEqual({ fields: input.fields, provenance: input.provenance });
  });

  it("is a draft until the critical fields exist", () => {
    const draft = assembleProduct(null, enrichment({ title: "T" }), NOW);
    expect(draft).toMatchObject({ status: "draft", last_available_at: null });
    expect(assembleProduct(draft, enrichment(FULL), LATER)).toMatchObject({
      status: "active",
      created_at: iso(NOW),
      updated_at: iso(LATER),
    });
  });

  it("becomes unavailable by a definite word, keeps when it was last available, and comes back", () => {
    const active = assembleProduct(null, enrichment(FULL), NOW);
    const gone = assembleProduct(active, enrichment({ title: "T", availability_type: "unavailable" }), LATER);
    expect(gone).toMatchObject({ status: "unavailable", last_available_at: iso(NOW), current_price: null });
    expect(assembleProduct(gone, enrichment({ title: "T" }), LATER)).toMatchObject({ status: "unavailable" });
    expect(assembleProduct(gone, enrichment(FULL), LATER)).toMatchObject({
      status: "active",
      last_available_at: iso(LATER),
    });
  });

  it("stays active when a later answer is poorer, and never shows old values as new", () => {
    const active = assembleProduct(null, enrichment(FULL), NOW);
    expect(assembleProduct(active, enrichment({ title: "T" }), LATER)).toMatchObject({
      status: "active",
      current_price: null,
      last_available_at: iso(NOW),
    });
  });

  it("says when it is simulated, and is as old as its oldest part", () => {
    expect(assembleProduct(null, enrichment(FULL, "sample-data"), NOW).simulated).toBe(true);
    expect(assembleProduct(null, enrichment(FULL, "creators-api", NOW), LATER).last_refresh_at).toBe(iso(NOW));
  });

  it("is softly deleted when no source knows it any more", () => {
    const active = assembleProduct(null, enrichment(FULL), NOW);
    expect(markNotFound(active, LATER)).toMatchObject({
      status: "unavailable",
      title: "T",
      // What it was is no longer what it is.
      stale: true,
      last_available_at: iso(NOW),
      updated_at: iso(LATER),
      // Its fields are as old as they were.
      last_refresh_at: iso(NOW),
    });
    expect(markNotFound(null, LATER)).toBeNull();
  });
});

describe("freshness", () => {
  it.each([
    [0, true],
    [3_599_999, true],
    [3_600_000, false],
    [-1000, true],
  ])("after %d ms of an hour's time to live it is fresh: %s", (age, fresh) => {
    expect(isFresh({ last_refresh_at: iso(NOW - age) }, NOW, 3600)).toBe(fresh);
  });
});
