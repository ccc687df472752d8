import { DAY_MS } from "../../durations.ts";
import { dayCaps } from "../day/day-caps.ts";
import { type DayUse, dayFreedAt, midnightSilenceEnd, quarterOf, rollDay } from "../day/day-window.ts";
import type { LimitItem } from "../limit-item.ts";
import type { Refusal } from "../rate-limiter.ts";
import { aboveAt } from "../tokens/token-balance.ts";
import { tokenFloor } from "../tokens/token-reserve.ts";
import { freshItem } from "./fresh-item.ts";
import { createGrant, exactGrant } from "./grant-exactly.ts";
import { idleGrant, steadyGrant } from "./grant-quickly.ts";
import { type ReservationAsk, type ReservationStep, refuse } from "./reservation.ts";

/** Retry time while a probe is under way: its answer may come any second. */
const PROBE_ANSWER_MS = 5_000;

/** The refusal of the breaker or a pause; undefined when the breaker is closed or a probe is due. */
const refusedByBreaker = (item: LimitItem, now: number): Refusal | undefined => {
  if (item.breaker === "closed") return undefined;
  const { pause_code: code, pause_detail: detail } = item;
  const broken = (until: number): Refusal => ({
    ...refuse(code === undefined ? "circuit-open" : "paused", until),
    ...(code === undefined ? {} : { code }),
    ...(detail === undefined ? {} : { detail }),
  });
  const deadline = item.probe_deadline_ms ?? 0;
  if (item.breaker === "half-open") {
    if (now > deadline) return undefined;
    return broken(Math.min(deadline + 1, now + PROBE_ANSWER_MS));
  }
  const until = item.open_until_ms ?? 0;
  return now < until ? broken(until) : undefined;
};

/** Units by which the grant would exceed the day; zeros when it fits. */
const excessOf = (use: DayUse, ask: ReservationAsk): { calls: number; refresh: number } => {
  const caps = dayCaps(ask.limit, ask.priority);
  if (!caps) return { calls: 0, refresh: 0 };
  return {
    calls: Math.max(0, use.calls_used + ask.units - caps.calls),
    refresh: Math.max(0, use.refresh_used + ask.units - caps.refresh),
  };
};

/** The day's use that the grant counts on, or the refusal when the day is used up. */
const dayFor = (item: LimitItem, ask: ReservationAsk): DayUse | Refusal => {
  const zone = ask.limit.dayZone;
  const asItIs = excessOf(item, ask);
  if (item.quota_day >= quarterOf(ask.nowMs) && asItIs.calls + asItIs.refresh === 0) return item;
  const rolled = rollDay(item, ask.nowMs, zone);
  const excess = excessOf(rolled, ask);
  if (excess.calls + excess.refresh === 0) return rolled;
  const freed = dayFreedAt(rolled, excess, zone);
  // A call that costs more than a whole day's allowance never fits; its refusal names the time a day from now.
  return refuse("daily-quota", freed > ask.nowMs ? freed : ask.nowMs + DAY_MS);
};

const refusedByPace = (item: LimitItem, ask: ReservationAsk): Refusal | undefined => {
  const now = ask.nowMs;
  if (ask.priority === "refresh" && item.next_free_ms > now) return refuse("rate", item.next_free_ms);
  const farthest = now + ask.horizonMs;
  return item.next_free_ms > farthest ? refuse("rate", item.next_free_ms - ask.horizonMs) : undefined;
};

/**
 * Decides one reservation from the item as seen (undefined: there is none). The result is the single conditional update
 * that grants it, or the refusal. A plan made from an outdated item is safe: its conditions fail.
 */
export const planReservation = (item: LimitItem | undefined, ask: ReservationAsk): ReservationStep => {
  const silentUntil = midnightSilenceEnd(ask.limit.dayZone, ask.nowMs);
  if (silentUntil !== undefined) return refuse("rate", silentUntil);
  if (!item) {
    const fresh = freshItem(ask.limit, ask.nowMs);
    const day = dayFor(fresh, ask);
    return "granted" in day ? day : createGrant(fresh, ask);
  }
  const broken = refusedByBreaker(item, ask.nowMs);
  if (broken) return broken;
  const day = dayFor(item, ask);
  if ("granted" in day) return day;
  const floor = tokenFloor(item, ask.limit, ask.priority, ask.units);
  const tokensAt = aboveAt(item, floor, ask.nowMs);
  if (tokensAt > ask.nowMs) return refuse("rate", tokensAt);
  const paced = refusedByPace(item, ask);
  if (paced) return paced;
  const probe = item.breaker !== "closed";
  const topUp = item.tokens !== undefined && item.tokens <= floor;
  if (probe || topUp || day !== item) return exactGrant(item, ask, day, probe);
  return item.next_free_ms < ask.earliestMs || ask.priority === "refresh"
    ? idleGrant(item, ask)
    : steadyGrant(item, ask);
};
