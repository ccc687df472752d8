import { isoTime } from "../clock.ts";
import { EMPTY_FIELDS } from "../products/assembly/product-assembly.ts";
import { isGiven } from "../products/critical-fields.ts";
import { mergedFieldsOf } from "../products/merge.ts";
import { PRODUCT_FIELDS, type Product, type ProductField } from "../products/product.ts";
import { isRatingLeftOut, qualityOf } from "../products/quality/quality.ts";
import { endsAtMs, isEnded } from "./field-rights.ts";
import type { LicenceBook } from "./licence-book.ts";

/** Reason of a field in `missing` whose licence ended. */
export const EXPIRED = "expired";

/** Fields of a stored product whose right to be kept has ended. */
export const endedFields = (product: Product, licences: LicenceBook, nowMs: number): ProductField[] =>
  PRODUCT_FIELDS.filter((field) => {
    const origin = product.provenance[field];
    // A value without an origin has nobody who allows it.
    if (origin === undefined) return isGiven(product[field]);
    return isEnded(field, origin, licences, nowMs);
  });

/** When the first field of a product ends that may not be kept for ever, epoch milliseconds; null: none does. */
export const firstEndMs = (product: Product, licences: LicenceBook): number | null => {
  const ends = PRODUCT_FIELDS.flatMap((field) => {
    const origin = product.provenance[field];
    return origin === undefined ? [] : (endsAtMs(field, origin, licences) ?? []);
  });
  return ends.length === 0 ? null : Math.min(...ends);
};

/**
 * A stored product as it may be given out at `nowMs`: what ended is null, `missing` says so, `expired_at` when. What is
 * ours stays: identity, state, times. The score is that of what is left.
 */
export const withoutEnded = (product: Product, licences: LicenceBook, nowMs: number): Product => {
  const ended = endedFields(product, licences, nowMs);
  if (ended.length === 0) return product;
  const kept: Product = {
    ...product,
    ...Object.fromEntries(ended.map((field) => [field, EMPTY_FIELDS[field]])),
    provenance: Object.fromEntries(
      Object.entries(product.provenance).filter(([field]) => !ended.some((one) => one === field)),
    ),
  };
  const merged = mergedFieldsOf(kept);
  const [oldest = product.last_refresh_at] = Object.values(merged.provenance)
    .map(({ fetched_at }) => fetched_at)
    .sort();
  const firstMs = firstEndMs(product, licences) ?? nowMs;
  return {
    ...kept,
    missing: [
      ...product.missing.filter(({ field }) => !ended.some((one) => one === field)),
      ...ended.map((field) => ({ field, reason: EXPIRED })),
    ],
    quality: qualityOf(merged, { nowMs, ratingPossible: !isRatingLeftOut(product.quality) }),
    stale: true,
    last_refresh_at: oldest,
    expired_at: product.expired_at ?? isoTime(firstMs),
  };
};
