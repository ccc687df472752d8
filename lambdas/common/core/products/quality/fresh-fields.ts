import { type MergedFields, mergedFieldsOf, NOTHING_MERGED } from "../merge.ts";
import type { Product } from "../product.ts";
import { isFresh, RUN_TTL_SECONDS } from "./freshness.ts";
import { SOURCE_ACCURACY } from "./quality.ts";

/**
 * The fields of a stored product that a run may still use instead of paying for them again: younger than 24 h, and
 * given by a real source. None of a product that is marked unavailable: what it was says nothing about today.
 */
export const freshFieldsOf = (product: Product, nowMs: number): MergedFields => {
  if (product.status === "unavailable") return NOTHING_MERGED;
  return mergedFieldsOf(
    product,
    ({ source, fetched_at }) =>
      SOURCE_ACCURACY[source] > 0 && isFresh({ last_refresh_at: fetched_at }, nowMs, RUN_TTL_SECONDS),
  );
};
