import { MINUTE_MS } from "../../durations.ts";
import type { LimitItem } from "../limit-item.ts";
import type { LimitSignals } from "../limit-signals.ts";
import type { RateLimit } from "../rate-limiter.ts";
import { hasTokenReading } from "../tokens/token-balance.ts";

/** Longest announced silence that is obeyed: a day. */
const MAX_SILENCE_MS = 24 * 3_600_000;

/** The call that a report is about. */
export interface ReportedCall {
  readonly sequence: number;
  /** `units_granted` of the item right after its grant; undefined when this instance did not grant it. */
  readonly unitsGranted: number | undefined;
}

const withRate = (item: LimitItem, limit: RateLimit, rate: number | undefined): LimitItem => {
  if (rate === undefined || !(rate > 0)) return item;
  const { announced_rate: _old, ...rest } = item;
  return rate < limit.callsPerSecond ? { ...item, announced_rate: rate } : rest;
};

const withTokens = (item: LimitItem, signals: LimitSignals, call: ReportedCall, nowMs: number): LimitItem => {
  if (signals.tokensLeft === undefined || !hasTokenReading(signals)) return item;
  if ((item.tokens_sequence ?? 0) > call.sequence) return item;
  const grantedSince = item.units_granted - (call.unitsGranted ?? item.units_granted);
  return {
    ...item,
    tokens: signals.tokensLeft - grantedSince,
    tokens_at_ms: nowMs,
    refill_at_ms: nowMs + (signals.refillInMs ?? MINUTE_MS),
    tokens_sequence: call.sequence,
    ...(signals.refillPerMinute === undefined ? {} : { refill_per_minute: signals.refillPerMinute }),
  };
};

/** No slot before `nowMs + silenceMs`; slots granted for an earlier time are void. */
export const silenced = (item: LimitItem, nowMs: number, silenceMs: number): LimitItem => {
  const until = nowMs + Math.min(MAX_SILENCE_MS, Math.ceil(silenceMs));
  if (until <= (item.quiet_until_ms ?? 0)) return item;
  return { ...item, next_free_ms: Math.max(item.next_free_ms, until), quiet_until_ms: until };
};

/** The item with what an answer announced: a rate below ours (or the end of one) and a token balance. */
export const learnSignals = (
  item: LimitItem,
  limit: RateLimit,
  signals: LimitSignals,
  call: ReportedCall,
  nowMs: number,
): LimitItem => withTokens(withRate(item, limit, signals.ratePerSecond), signals, call, nowMs);
