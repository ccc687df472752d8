import { dayCaps } from "./day/day-caps.ts";
import { rollDay } from "./day/day-window.ts";
import type { LimitItem } from "./limit-item.ts";
import type { RateLimit, RefreshAllowance } from "./rate-limiter.ts";
import { refilled } from "./tokens/token-balance.ts";
import { reservedTokens } from "./tokens/token-reserve.ts";

const MINUTES_PER_HOUR = 60;
const MINUTES_PER_DAY = 1_440;

/** The smaller of two numbers of which either may be without end. */
const least = (one: number | null, other: number | null): number | null =>
  one === null || other === null ? (one ?? other) : Math.min(one, other);

/** What the day leaves the refresh. */
const ofDay = (item: LimitItem | undefined, limit: RateLimit, nowMs: number): RefreshAllowance => {
  const caps = dayCaps(limit, "refresh");
  if (!caps) return { unitsPerDay: null, unitsLeft: null };
  const use = item ? rollDay(item, nowMs, limit.dayZone) : { calls_used: 0, refresh_used: 0 };
  const left = Math.min(caps.calls - use.calls_used, caps.refresh - use.refresh_used);
  return { unitsPerDay: caps.refresh, unitsLeft: Math.max(0, left) };
};

/** What a token bucket leaves it: what is above the reserve, and what flows in within the hour. */
const ofBucket = (item: LimitItem | undefined, limit: RateLimit, nowMs: number): RefreshAllowance => {
  const bucket = item && refilled(item, nowMs);
  if (!bucket || !item?.refill_per_minute) return { unitsPerDay: null, unitsLeft: null };
  const perMinute = item.refill_per_minute * limit.allowanceShare;
  const above = Math.max(0, bucket.tokens - reservedTokens(item, limit, "refresh"));
  return {
    unitsPerDay: Math.floor(perMinute * MINUTES_PER_DAY),
    unitsLeft: Math.floor(above + perMinute * MINUTES_PER_HOUR),
  };
};

/** The units that the daily refresh may use at a key. A key without an item was never used. */
export const refreshAllowance = (item: LimitItem | undefined, limit: RateLimit, nowMs: number): RefreshAllowance => {
  const day = ofDay(item, limit, nowMs);
  const bucket = ofBucket(item, limit, nowMs);
  return {
    unitsPerDay: least(day.unitsPerDay, bucket.unitsPerDay),
    unitsLeft: least(day.unitsLeft, bucket.unitsLeft),
  };
};
