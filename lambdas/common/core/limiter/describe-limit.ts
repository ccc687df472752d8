import { dayCaps } from "./day/day-caps.ts";
import { dayFreedAt, rollDay } from "./day/day-window.ts";
import type { LimitItem } from "./limit-item.ts";
import { intervalMs } from "./pace.ts";
import { MAX_HORIZON_MS } from "./plan/reservation.ts";
import type { LimitState, RateLimit } from "./rate-limiter.ts";
import { refreshAllowance } from "./refresh-allowance.ts";
import { aboveAt, refilled } from "./tokens/token-balance.ts";
import { reservedTokens, tokenFloor } from "./tokens/token-reserve.ts";

type Block = Pick<LimitState, "blockedUntilMs" | "blockedReason" | "blockedDetail">;
const FREE: Block = { blockedUntilMs: null, blockedReason: null, blockedDetail: null };

const blockOf = (item: LimitItem, limit: RateLimit, left: number | null, nowMs: number): Block => {
  const block = (reason: Block["blockedReason"], until: number, detail?: string): Block => ({
    blockedReason: reason,
    blockedUntilMs: until,
    blockedDetail: detail ?? null,
  });
  if (item.breaker !== "closed") {
    const until = (item.breaker === "open" ? item.open_until_ms : item.probe_deadline_ms) ?? nowMs;
    return block(item.pause_code === undefined ? "circuit-open" : "paused", until, item.pause_detail);
  }
  if (left !== null && left <= 0) {
    const use = rollDay(item, nowMs, limit.dayZone);
    return block("daily-quota", dayFreedAt(use, { calls: 1 - left, refresh: 0 }, limit.dayZone));
  }
  const tokensAt = aboveAt(item, tokenFloor(item, limit, "interactive", 1), nowMs);
  if (tokensAt > nowMs) return block("rate", tokensAt);
  const quietUntil = item.quiet_until_ms ?? 0;
  if (quietUntil > nowMs) return block("rate", quietUntil);
  return item.next_free_ms > nowMs + MAX_HORIZON_MS ? block("rate", item.next_free_ms) : FREE;
};

/** The state of a limit key at `nowMs`; a key without an item was never used. */
export const describeLimit = (item: LimitItem | undefined, limit: RateLimit, nowMs: number): LimitState => {
  const caps = dayCaps(limit, "interactive");
  const used = item ? rollDay(item, nowMs, limit.dayZone).calls_used : 0;
  const left = caps ? caps.calls - used : null;
  const bucket = item && refilled(item, nowMs);
  return {
    limitKey: limit.limitKey,
    callsPerSecond: 1000 / intervalMs(limit, item?.announced_rate),
    usedToday: used,
    leftToday: left === null ? null : Math.max(0, left),
    breaker: item?.breaker ?? "closed",
    ...(item ? blockOf(item, limit, left, nowMs) : FREE),
    ...(item?.pause_code === undefined ? {} : { pauseCode: item.pause_code }),
    ...(item?.throttles ? { throttles: item.throttles } : {}),
    refresh: refreshAllowance(item, limit, nowMs),
    ...(bucket ? { tokensLeft: bucket.tokens - reservedTokens(item, limit, "interactive") } : {}),
  };
};
