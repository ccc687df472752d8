import type { SourceId } from "../source-ids.ts";
import { criticalFieldsIn, openNeeds } from "./critical-fields.ts";
import { type MergedFields, mergedFieldsOf } from "./merge.ts";
import type { Product, Provenance } from "./product.ts";
import { isFresh } from "./quality/freshness.ts";
import { SOURCE_ACCURACY } from "./quality/quality.ts";

/** Seconds for which a look-up takes what a source gave from the table. */
export type CacheSeconds = (source: SourceId) => number;

const isCurrent = ({ source, fetched_at }: Provenance, nowMs: number, cacheSeconds: CacheSeconds): boolean =>
  SOURCE_ACCURACY[source] > 0 && isFresh({ last_refresh_at: fetched_at }, nowMs, cacheSeconds(source));

/**
 * Whether a look-up takes the stored copy as it is: its title, image and price or availability are there, all younger
 * than their sources' cache times. Fields beside these may be older; each says how old it is.
 */
export const isCurrentCopy = (product: Product, nowMs: number, cacheSeconds: CacheSeconds): boolean =>
  product.status !== "draft" &&
  !product.stale &&
  openNeeds(product).length === 0 &&
  criticalFieldsIn(product).every((field) => {
    const origin = product.provenance[field];
    return origin !== undefined && isCurrent(origin, nowMs, cacheSeconds);
  });

/** Stored fields that a look-up need not pay for again. None of a product that is marked unavailable. */
export const currentFieldsOf = (product: Product, nowMs: number, cacheSeconds: CacheSeconds): MergedFields =>
  mergedFieldsOf(product, (origin) => product.status !== "unavailable" && isCurrent(origin, nowMs, cacheSeconds));
