import { type MergedFields, mergedFieldsOf, mergeFields } from "../merge.ts";
import type { Product, ProductFields, Provenance } from "../product.ts";
import type { Cuts } from "../product-bounds.ts";
import { isFresh, RUN_TTL_SECONDS } from "../quality/freshness.ts";
import { qualityOf } from "../quality/quality.ts";
import { cutsOf, missingFields } from "./missing-fields.ts";
import { assembleProduct } from "./product-assembly.ts";

interface Part {
  readonly fields: Partial<ProductFields>;
  readonly from: Provenance;
  readonly cuts: Cuts;
}

/** Fields of a stored product in parts of one origin each, because prices and their kin only mean something together. */
const partsOf = (product: Product): Part[] => {
  const origins = new Map(
    Object.values(mergedFieldsOf(product).provenance).map(
      ({ source, fetched_at }) => [`${source} ${fetched_at}`, { source, fetched_at }] as const,
    ),
  );
  return [...origins.values()].map((from) => {
    const isOfIt = (origin: Provenance) => origin.source === from.source && origin.fetched_at === from.fetched_at;
    const { fields, provenance } = mergedFieldsOf(product, isOfIt);
    return { from, fields, cuts: cutsOf(provenance) };
  });
};

/**
 * The product to store while it still waits for a source: what was fetched so far, so that nobody has to pay for it
 * again. What a copy stored earlier has beyond that stays, with its own age, and makes the product `stale` once it is
 * older than a run accepts.
 * @param partial what this enrichment gathered so far
 * @param why reason for the fields that are still missing, in words
 */
export const draftOf = (
  stored: Product | null,
  partial: MergedFields & { readonly asin: string; readonly marketplace: string },
  why: string,
  nowMs: number,
): Product => {
  const { asin, marketplace } = partial;
  let merged: MergedFields = { fields: partial.fields, provenance: partial.provenance };
  for (const { fields, from, cuts } of stored ? partsOf(stored) : []) merged = mergeFields(merged, fields, from, cuts);
  const product = assembleProduct(
    stored,
    {
      asin,
      marketplace,
      ...merged,
      missing: missingFields(merged.fields, () => why),
      quality: qualityOf(merged, { nowMs, ratingPossible: true }),
    },
    nowMs,
  );
  return { ...product, stale: !isFresh(product, nowMs, RUN_TTL_SECONDS) };
};
