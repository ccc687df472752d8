/** Waits before the first, second and third retry of a product, in seconds. */
export const RETRY_DELAYS_SECONDS = [30, 60, 120] as const;

/**
 * Seconds to wait after the `failures`-th failure of a product (from 1); undefined when its retries are used up.
 * Throttles, quotas and missing credentials never come here: they are not the product's fault.
 */
export const retryDelaySeconds = (failures: number): number | undefined => RETRY_DELAYS_SECONDS[failures - 1];
