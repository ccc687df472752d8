/** A run takes products from the store when they are younger than this, in seconds. */
export const RUN_TTL_SECONDS = 24 * 3600;
/** Age at which data has lost all freshness, in milliseconds: 7 days. */
export const FRESHNESS_SPAN_MS = 7 * 24 * 3600 * 1000;

/**
 * Whether data fetched at `lastRefreshAt` may still be reused at `nowMs`.
 * @param ttlSeconds a product exactly that old is no longer fresh; a time in the future counts as fresh (skewed clocks)
 */
export const isFresh = (product: { readonly last_refresh_at: string }, nowMs: number, ttlSeconds: number): boolean =>
  nowMs - Date.parse(product.last_refresh_at) < ttlSeconds * 1000;

/** Whether a run takes a stored product as it is: neither a draft nor simulated, and fresh. */
export const isReusable = (
  product: { readonly last_refresh_at: string; readonly status: string; readonly simulated?: boolean | undefined },
  nowMs: number,
): boolean => product.status !== "draft" && !product.simulated && isFresh(product, nowMs, RUN_TTL_SECONDS);

/** Freshness of data fetched at `fetchedAt`: 1 when new, falling evenly to 0 at 7 days. */
export const freshnessOf = (fetchedAt: string, nowMs: number): number => {
  const ageMs = Math.max(0, nowMs - Date.parse(fetchedAt));
  return Math.max(0, 1 - ageMs / FRESHNESS_SPAN_MS);
};
