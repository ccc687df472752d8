import { dayCaps } from "./day/day-caps.ts";
import { dayFreedAt, rollDay } from "./day/day-window.ts";
import type { LimitItem } from "./limit-item.ts";
import { intervalMs } from "./pace.ts";
import { MAX_HORIZON_MS } from "./plan/reservation.ts";
import type { LimitState, RateLimit } from "./rate-limiter.ts";
import { aboveAt, refilled } from "./tokens/token-balance.ts";
import { reservedTokens, tokenFloor } from "./tokens/token-reserve.ts";

type Block = Pick<LimitState, "blocked_until_ms" | "blocked_reason" | "blocked_detail">;
const FREE: Block = { blocked_until_ms: null, blocked_reason: null, blocked_detail: null };

const blockOf = (item: LimitItem, limit: RateLimit, left: number | null, nowMs: number): Block => {
  const block = (reason: Block["blocked_reason"], until: number, detail?: string): Block => ({
    blocked_reason: reason,
    blocked_until_ms: until,
    blocked_detail: detail ?? null,
  });
  if (item.breaker !== "closed") {
    const until = (item.breaker === "open" ? item.open_until_ms : item.probe_deadline_ms) ?? nowMs;
    return block(item.pause_code === undefined ? "circuit-open" : "paused", until, item.pause_detail);
  }
  if (left !== null && left <= 0) {
    const use = rollDay(item, nowMs, limit.day_zone);
    return block("daily-quota", dayFreedAt(use, { calls: 1 - left, refresh: 0 }, limit.day_zone));
  }
  const tokensAt = aboveAt(item, tokenFloor(item, limit, "interactive", 1), nowMs);
  if (tokensAt > nowMs) return block("rate", tokensAt);
  const quietUntil = item.quiet_until_ms ?? 0;
  if (quietUntil > nowMs) return block("rate", quietUntil);
  return item.next_free_ms > nowMs + MAX_HORIZON_MS ? block("rate", item.next_free_ms) : FREE;
};

/** Where a key stands at `nowMs`; a key without an item was never used. */
export const describeLimit = (item: LimitItem | undefined, limit: RateLimit, nowMs: number): LimitState => {
  const caps = dayCaps(limit, "interactive");
  const used = item ? rollDay(item, nowMs, limit.day_zone).calls_used : 0;
  const left = caps ? caps.calls - used : null;
  const bucket = item && refilled(item, nowMs);
  return {
    limit_key: limit.limit_key,
    calls_per_second: 1000 / intervalMs(limit, item?.announced_rate),
    used_today: used,
    left_today: left === null ? null : Math.max(0, left),
    breaker: item?.breaker ?? "closed",
    ...(item ? blockOf(item, limit, left, nowMs) : FREE),
    ...(item?.pause_code === undefined ? {} : { pause_code: item.pause_code }),
    ...(item?.throttles ? { throttles: item.throttles } : {}),
    ...(bucket ? { tokens_left: bucket.tokens - reservedTokens(item, limit, "interactive") } : {}),
  };
};
