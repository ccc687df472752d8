import { isoTime } from "../clock.ts";
import { isGiven } from "../products/critical-fields.ts";
import { mergedFieldsOf } from "../products/merge.ts";
import { PRODUCT_FIELDS, type Product, type ProductField } from "../products/product.ts";
import { isRatingLeftOut, qualityOf } from "../products/quality/quality.ts";
import { endsAtMs, isEnded } from "./field-rights.ts";
import { leaveOut } from "./leave-out.ts";
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

/** The times at which fields of a product end, epoch milliseconds, each once; empty when all may be kept for ever. */
export const endsOf = (product: Product, licences: LicenceBook): number[] => [
  ...new Set(
    PRODUCT_FIELDS.flatMap((field) => {
      const origin = product.provenance[field];
      return origin === undefined ? [] : (endsAtMs(field, origin, licences) ?? []);
    }),
  ),
];

/**
 * A stored product as it may be given out at `nowMs`: what ended is null, `missing` says so, `expired_at` when. What is
 * ours stays: identity, state, times. The score is that of what is left.
 */
export const withoutEnded = (product: Product, licences: LicenceBook, nowMs: number): Product => {
  const ended = endedFields(product, licences, nowMs);
  if (ended.length === 0) return product;
  const kept = leaveOut(product, ended, EXPIRED);
  const merged = mergedFieldsOf(kept);
  const [oldest = product.last_refresh_at] = Object.values(merged.provenance)
    .map(({ fetched_at }) => fetched_at)
    .sort();
  const firstMs = Math.min(nowMs, ...endsOf(product, licences));
  return {
    ...kept,
    quality: qualityOf(merged, { nowMs, ratingPossible: !isRatingLeftOut(product.quality) }),
    stale: true,
    last_refresh_at: oldest,
    expired_at: product.expired_at ?? isoTime(firstMs),
  };
};
