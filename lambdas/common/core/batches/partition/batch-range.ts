import type { CatalogSegment } from "../../catalogs/catalog-segment.ts";

/** Where the products of one batch are. */
export interface BatchRange {
  readonly segment: CatalogSegment;
  /** First row within the segment, from 0. */
  readonly from: number;
  readonly count: number;
}

/** Products in batches 1 to `upTo` of a run. */
export const productsUpTo = (segments: readonly CatalogSegment[], batchSize: number, upTo: number): number => {
  let batchesLeft = upTo;
  let products = 0;
  for (const segment of segments) {
    products += Math.min(segment.products, batchesLeft * batchSize);
    batchesLeft = Math.max(0, batchesLeft - Math.ceil(segment.products / batchSize));
  }
  return products;
};

/**
 * Finds the products of batch `number` (from 1). Batches are numbered through the segments in order, and no batch
 * spans two of them, so the same number always means the same products.
 * @throws RangeError when the run has no such batch.
 */
export const batchRange = (segments: readonly CatalogSegment[], batchSize: number, number: number): BatchRange => {
  let before = 0;
  for (const segment of segments) {
    const batches = Math.ceil(segment.products / batchSize);
    if (number >= 1 && number <= before + batches) {
      const from = (number - before - 1) * batchSize;
      return { segment, from, count: Math.min(batchSize, segment.products - from) };
    }
    before += batches;
  }
  throw new RangeError(`there is no batch ${number}: the run has ${before}`);
};
