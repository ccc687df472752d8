import { REFRESH_SHARE, RESERVED_SHARE } from "../day/day-caps.ts";
import type { CallPriority, RateLimit } from "../rate-limiter.ts";
import { type Bucket, capacityOf } from "./token-balance.ts";

/**
 * Tokens that a priority leaves in a bucket, as the day's caps do for a daily allowance. Every priority leaves the
 * share of a full bucket that belongs to the owner's other tools. Of our share, bulk work leaves 5 % to waiting people,
 * and the refresh takes only the uppermost 30 %. Nothing is left while the size of the bucket is unknown.
 */
export const reservedTokens = (bucket: Bucket, limit: RateLimit, priority: CallPriority): number => {
  const capacity = capacityOf(bucket);
  if (capacity === undefined) return 0;
  const ours = capacity * limit.allowanceShare;
  const reserved = { interactive: 0, express: 0, bulk: RESERVED_SHARE, refresh: 1 - REFRESH_SHARE }[priority];
  // Keeps 0.7 × 300 = 210.00000000000003 from being rounded up to 211.
  return Math.ceil(capacity - ours + ours * reserved - 1e-6);
};

/**
 * Balance above which a call may start. With nothing reserved, a call may start on any positive balance, as Keepa
 * allows. Otherwise the reserved tokens must remain after the call. A call that costs more than a full bucket has
 * beyond the reserve starts on a full bucket, or it would never start.
 */
export const tokenFloor = (bucket: Bucket, limit: RateLimit, priority: CallPriority, units: number): number => {
  const held = reservedTokens(bucket, limit, priority);
  return held === 0 ? 0 : Math.min(capacityOf(bucket) ?? 0, held + units) - 1;
};
