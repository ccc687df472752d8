/** Products a batch when nothing else is asked for. */
export const DEFAULT_BATCH_SIZE = 20;
/** Runs of up to this many batches go by the express queue. */
export const EXPRESS_BATCHES = 5;

/**
 * Batch size for a run of `products` products.
 * @param asked 5 to 50, or `auto`: fewer than 100 products → 15, fewer than 500 → 20, up to 1,000 → 25, else 30.
 */
export const batchSizeFor = (asked: number | "auto", products: number): number => {
  if (asked !== "auto") return asked;
  if (products < 100) return 15;
  if (products < 500) return 20;
  return products <= 1000 ? 25 : 30;
};

/** Number of batches that segments of these sizes are cut into; a batch never spans two shops. */
export const batchCount = (segments: readonly { readonly products: number }[], batchSize: number): number =>
  segments.reduce((sum, segment) => sum + Math.ceil(segment.products / batchSize), 0);
