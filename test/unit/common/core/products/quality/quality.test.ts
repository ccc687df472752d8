import { describe, expect, it } from "vitest";
import { mergeFields, NOTHING_MERGED } from "../../../../../../lambdas/common/core/products/merge.ts";
import type { ProductFields } from "../../../../../../lambdas/common/core/products/product.ts";
import { GOOD_QUALITY, qualityOf } from "../../../../../../lambdas/common/core/products/quality/quality.ts";
import type { SourceId } from "../../../../../../lambdas/common/core/source-ids.ts";

const NOW = Date.parse("2026-11-20T10:00:00.000Z");
const DAY = 86_400_000;
const FULL: Partial<ProductFields> = {
  title: "T",
  current_price: "1.00",
  currency: "USD",
  image_url: "https://x.test/1.jpg",
  star_rating: 4,
};
const given = (fields: Partial<ProductFields>, source: SourceId = "creators-api", age_ms = 0) =>
  mergeFields(NOTHING_MERGED, fields, { source, fetched_at: new Date(NOW - age_ms).toISOString() });
const context = { nowMs: NOW, ratingPossible: true };

describe("the quality score", () => {
  it("is 0.4 completeness, 0.4 accuracy and 0.2 freshness", () => {
    expect(qualityOf(given(FULL), context)).toEqual({
      overall: 0.98,
      completeness: 1,
      accuracy: 0.95,
      freshness: 1,
      reasons: [],
    });
    const { star_rating: _, ...unrated } = FULL;
    expect(qualityOf(given(unrated, "keepa"), context)).toEqual({
      overall: 0.84,
      completeness: 0.75,
      accuracy: 0.85,
      freshness: 1,
      reasons: ["no rating", "data from keepa is trusted at 0.85"],
    });
  });

  it("leaves the rating out, and says so, when no enabled source can give one", () => {
    const { star_rating: _, ...unrated } = FULL;
    expect(qualityOf(given(unrated), { ...context, ratingPossible: false })).toMatchObject({
      overall: 0.98,
      completeness: 1,
      reasons: ["rating left out: no enabled source gives one for this shop"],
    });
  });

  it.each([
    [0, 1],
    [3.5 * DAY, 0.5],
    [7 * DAY, 0],
    [30 * DAY, 0],
    [-DAY, 1],
  ])("after %d ms freshness is %d", (age, freshness) => {
    expect(qualityOf(given(FULL, "creators-api", age), context).freshness).toBe(freshness);
  });

  it("is as fresh as its oldest critical field and as trusted as their mean", () => {
    const title = given({ title: "T" }, "creators-api", 3.5 * DAY);
    const both = mergeFields(title, FULL, { source: "product-page", fetched_at: new Date(NOW).toISOString() });
    const quality = qualityOf(both, context);
    expect(quality.freshness).toBe(0.5);
    expect(quality.accuracy).toBe(0.817);
    expect(quality.reasons).toEqual([
      "data from product-page is trusted at 0.75",
      "the oldest part is 3 days old or more",
    ]);
  });

  it("is never raised by sample data", () => {
    const nothing = qualityOf(NOTHING_MERGED, context);
    expect(nothing.overall).toBe(0);
    expect(qualityOf(given(FULL, "sample-data"), context).overall).toBe(0);
    const title = given({ title: "T" });
    const padded = mergeFields(title, FULL, { source: "sample-data", fetched_at: new Date(NOW).toISOString() });
    expect(qualityOf(padded, context).overall).toBeLessThanOrEqual(qualityOf(title, context).overall);
    expect(qualityOf(padded, context).overall).toBeLessThan(GOOD_QUALITY);
    expect(qualityOf(padded, context).reasons).toContain("the price is sample data");
  });

  it("trusts data from the store at 0.8 at most", () => {
    expect(qualityOf(given(FULL), { ...context, cached: true }).accuracy).toBe(0.8);
    expect(qualityOf(given(FULL, "product-page"), { ...context, cached: true }).accuracy).toBe(0.75);
  });
});
