import { REFRESH_SHARE, RESERVED_SHARE } from "../day/day-caps.ts";
import type { CallPriority, RateLimit } from "../rate-limiter.ts";
import { type Bucket, capacityOf } from "./token-balance.ts";

/**
 * Tokens of a bucket that a priority leaves in it, as the day's caps do where an allowance is counted by the day: the
 * part of a full bucket that belongs to the owner's other tools; of ours, bulk work leaves 5 % to those who wait in
 * person, and the refresh takes the uppermost 30 % only. Nothing is left while the size of the bucket is unknown.
 */
export const reservedTokens = (bucket: Bucket, limit: RateLimit, priority: CallPriority): number => {
  const capacity = capacityOf(bucket);
  if (capacity === undefined) return 0;
  const ours = capacity * limit.allowanceShare;
  const reserved = { interactive: 0, express: 0, bulk: RESERVED_SHARE, refresh: 1 - REFRESH_SHARE }[priority];
  // Not a token more for the sake of 0.7 × 300 = 210.00000000000003.
  return Math.ceil(capacity - ours + ours * reserved - 1e-6);
};

/**
 * Balance above which a call may start. Where nothing is held back, a call may run on a positive balance whatever it
 * costs, as Keepa allows; else what is held back must be there after it too. A call that costs more than the bucket
 * has beyond that runs on a full one, or it would never run.
 */
export const tokenFloor = (bucket: Bucket, limit: RateLimit, priority: CallPriority, units: number): number => {
  const held = reservedTokens(bucket, limit, priority);
  return held === 0 ? 0 : Math.min(capacityOf(bucket) ?? 0, held + units) - 1;
};
