import type { MergedFields } from "./merge.ts";
import type { Quality } from "./product.ts";

/** A field that no source gave, and why, in words. */
export interface MissingField {
  readonly field: string;
  readonly reason: string;
}

/** What enrichment gathered about one product; the input of `assembleProduct`. */
export interface Enrichment extends MergedFields {
  readonly asin: string;
  readonly marketplace: string;
  readonly missing: readonly MissingField[];
  readonly quality: Quality;
}
