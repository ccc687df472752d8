import type { RateLimiter } from "../../../core/limiter/rate-limiter.ts";

/** Checks that are kept for each limiter: enough to see a slow table, few enough to forget it. */
const KEPT = 8;

const times = new WeakMap<RateLimiter, readonly number[]>();

/** Keeps how long a check of a slot took, in milliseconds. */
export const noteCheck = (limiter: RateLimiter, tookMs: number): void => {
  times.set(limiter, [...(times.get(limiter) ?? []), tookMs].slice(-KEPT));
};

/** Milliseconds that the slowest of an instance's last checks took; 0 before the first. */
export const slowestCheckMs = (limiter: RateLimiter): number => Math.max(0, ...(times.get(limiter) ?? []));
