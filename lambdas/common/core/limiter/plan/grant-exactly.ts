import type { DayUse } from "../day/day-window.ts";
import type { LimitItem } from "../limit-item.ts";
import { shrunkGuard, slotCostMs } from "../pace.ts";
import { refilled } from "../tokens/token-balance.ts";
import type { LimitAttribute } from "./plan.ts";
import { planOfChange, planOfCreation } from "./plan-of-change.ts";
import { type GrantPlan, type ReservationAsk, stampsOf } from "./reservation.ts";

/** Time after the slot until the owner of the probe counts as crashed: twice the 30 s of a call. */
const PROBE_PATIENCE_MS = 60_000;

/** Attributes that an exact grant is computed from; they must still be as seen. */
const BASED_ON: readonly LimitAttribute[] = [
  "breaker",
  "epoch",
  "sequence",
  "next_free_ms",
  "quota_day",
  "calls_used",
  "refresh_used",
  "guard_ms",
  "guard_floor_ms",
  "announced_rate",
  "tokens",
  "tokens_at_ms",
  "refill_per_minute",
  "probe_owner",
];

const withGrant = (item: LimitItem, ask: ReservationAsk, cost: number): LimitItem => {
  const refresh = ask.priority === "refresh" ? ask.units : 0;
  const bucket = refilled(item, ask.nowMs);
  return {
    ...item,
    next_free_ms: Math.max(item.next_free_ms, ask.earliestMs) + cost,
    ...stampsOf(ask),
    calls_used: item.calls_used + ask.units,
    refresh_used: item.refresh_used + refresh,
    sequence: item.sequence + 1,
    units_granted: item.units_granted + ask.units,
    ...(bucket ? { tokens: bucket.tokens - ask.units, refill_at_ms: bucket.refillAtMs, tokens_at_ms: ask.nowMs } : {}),
  };
};

const withProbe = (item: LimitItem, ask: ReservationAsk): LimitItem => ({
  ...item,
  breaker: "half-open",
  epoch: item.epoch + 1,
  probe_owner: ask.probeOwner,
  probe_deadline_ms: Math.max(item.next_free_ms, ask.earliestMs) + PROBE_PATIENCE_MS,
});

/** The guard shrinks with the quarter hour, and the quickest round trip of the one before is forgotten. */
const withNextQuarter = (item: LimitItem, ask: ReservationAsk): LimitItem => {
  const {
    guard_floor_ms: _floor,
    guard_floor_sequence,
    round_trip_ms: last,
    last_round_trip_ms: _last,
    ...rest
  } = item;
  const guard = shrunkGuard(ask.limit, item);
  const hasFloor = guard.guard_floor_ms !== undefined && guard_floor_sequence !== undefined;
  return {
    ...rest,
    ...guard,
    ...(hasFloor ? { guard_floor_sequence } : {}),
    ...(last === undefined ? {} : { last_round_trip_ms: last }),
  };
};

/** CREATE: the key's first item, with this grant in it. */
export const createGrant = (fresh: LimitItem, ask: ReservationAsk): GrantPlan => {
  const cost = slotCostMs(ask.limit, fresh);
  return { kind: "CREATE", plan: planOfCreation(withGrant(fresh, ask, cost)), costMs: cost };
};

/**
 * A grant that also moves the day's window (`day`), tops up the tokens or takes the breaker's probe. It is rare, so it
 * is computed from the whole item as seen, and is valid only while the item has not changed.
 */
export const exactGrant = (seen: LimitItem, ask: ReservationAsk, day: DayUse, probe: boolean): GrantPlan => {
  const rolls = day.quota_day !== seen.quota_day;
  const rolled = rolls ? withNextQuarter({ ...seen, ...day }, ask) : { ...seen, ...day };
  const cost = slotCostMs(ask.limit, rolled);
  const after = withGrant(probe ? withProbe(rolled, ask) : rolled, ask, cost);
  const plan = planOfChange(seen, after, BASED_ON);
  if (!plan) throw new Error("a grant changes the sequence, so its plan cannot be empty");
  const rollsDay = rolls || day.calls_used !== seen.calls_used;
  return { kind: probe ? "PROBE" : rollsDay ? "ROLLOVER" : "TOP-UP", plan, costMs: cost };
};
