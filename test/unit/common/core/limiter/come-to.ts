import type { RateLimiter, Slot } from "../../../../../lambdas/common/core/limiter/rate-limiter.ts";

/**
 * What a caller does with a slot that it was granted: it rechecks one that lies ahead, waits for its time and gives it back
 * when it is late.
 * @returns the slot as it may be used; undefined when it may not
 */
export const comeTo = async (limiter: RateLimiter, granted: Slot): Promise<Slot | undefined> => {
  const isAhead = granted.atMs - granted.grantedAtMs >= 250;
  await limiter.until(granted, 400);
  const slot = isAhead ? await limiter.recheck(granted) : granted;
  if (!slot) return undefined;
  await limiter.until(slot);
  if (limiter.lateness(slot) <= slot.guardMs) return slot;
  await limiter.giveBack(slot, "late");
  return undefined;
};
