import { quarterOf } from "../day/day-window.ts";
import type { LimitItem } from "../limit-item.ts";
import { baseGuardMs } from "../pace.ts";
import type { RateLimit } from "../rate-limiter.ts";

/** The item of a key that was never called: breaker closed, nothing used, free from `nowMs`. */
export const freshItem = (limit: RateLimit, nowMs: number): LimitItem => ({
  limit_key: limit.limitKey,
  next_free_ms: nowMs,
  stamped_ms: nowMs,
  quota_day: quarterOf(nowMs),
  calls_used: 0,
  day_history: "",
  refresh_used: 0,
  refresh_history: "",
  guard_ms: baseGuardMs(limit),
  breaker: "closed",
  epoch: 0,
  sequence: 0,
  units_granted: 0,
});
