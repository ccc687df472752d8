import type { DayUse } from "../day/day-window.ts";
import type { LimitItem } from "../limit-item.ts";
import { shrunkGuard, slotCostMs } from "../pace.ts";
import { refilled } from "../tokens/token-balance.ts";
import type { LimitAttribute } from "./plan.ts";
import { planOfChange, planOfCreation } from "./plan-of-change.ts";
import type { GrantPlan, ReservationAsk } from "./reservation.ts";

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
    next_free_ms: Math.max(item.next_free_ms, ask.nowMs) + cost,
    stamped_ms: ask.nowMs,
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
  probe_deadline_ms: Math.max(item.next_free_ms, ask.nowMs) + PROBE_PATIENCE_MS,
});

/** CREATE: the key's first item, with this grant in it. */
export const createGrant = (fresh: LimitItem, ask: ReservationAsk): GrantPlan => {
  const cost = slotCostMs(ask.limit, fresh) + (ask.slackMs ?? 0);
  return { kind: "CREATE", plan: planOfCreation(withGrant(fresh, ask, cost)), costMs: cost };
};

/**
 * A grant that also moves the day's window (`day`), tops up the tokens or takes the breaker's probe. It is rare, so it
 * is computed from the whole item as seen, and is valid only while the item has not changed.
 */
export const exactGrant = (seen: LimitItem, ask: ReservationAsk, day: DayUse, probe: boolean): GrantPlan => {
  const rolls = day.quota_day !== seen.quota_day;
  const { guard_floor_ms: _floor, ...unguarded } = seen;
  const rolled: LimitItem = rolls ? { ...unguarded, ...day, ...shrunkGuard(ask.limit, seen) } : { ...seen, ...day };
  const cost = slotCostMs(ask.limit, rolled) + (ask.slackMs ?? 0);
  const after = withGrant(probe ? withProbe(rolled, ask) : rolled, ask, cost);
  const plan = planOfChange(seen, after, BASED_ON);
  if (!plan) throw new Error("a grant changes the sequence, so its plan cannot be empty");
  const rollsDay = rolls || day.calls_used !== seen.calls_used;
  return { kind: probe ? "PROBE" : rollsDay ? "ROLLOVER" : "TOP-UP", plan, costMs: cost };
};
