import { dayCaps } from "../day/day-caps.ts";
import { quarterOf } from "../day/day-window.ts";
import type { LimitItem } from "../limit-item.ts";
import { calmedGuard, slotCostMs } from "../pace.ts";
import { tokenFloor } from "../tokens/token-reserve.ts";
import type { Condition, LimitAttribute, UpdatePlan } from "./plan.ts";
import { asSeen } from "./plan-of-change.ts";
import { type GrantPlan, type ReservationAsk, stampsOf } from "./reservation.ts";

/** Conditions under which a grant is right, whatever else changed since the item was seen. */
const grantConditions = (seen: LimitItem, ask: ReservationAsk): Condition[] => {
  const caps = dayCaps(ask.limit, ask.priority);
  const expect: Condition[] = [
    { kind: "equals", attribute: "breaker", value: "closed" },
    // Never into a quarter hour that is over: its units would leave the window too early.
    { kind: "equals", attribute: "quota_day", value: Math.max(seen.quota_day, quarterOf(ask.nowMs)) },
    ...asSeen(seen, ["guard_ms", "announced_rate", "refill_per_minute"]),
  ];
  if (caps) expect.push({ kind: "le", attribute: "calls_used", value: caps.calls - ask.units });
  if (caps && ask.priority === "refresh") {
    expect.push({ kind: "le", attribute: "refresh_used", value: caps.refresh - ask.units });
  }
  expect.push(
    seen.tokens === undefined
      ? { kind: "not-exists", attribute: "tokens" }
      : { kind: "gt", attribute: "tokens", value: tokenFloor(seen, ask.limit, ask.priority, ask.units) },
  );
  return expect;
};

const counted = (seen: LimitItem, ask: ReservationAsk): Partial<Record<LimitAttribute, number>> => ({
  calls_used: ask.units,
  sequence: 1,
  units_granted: ask.units,
  ...(ask.priority === "refresh" ? { refresh_used: ask.units } : {}),
  ...(seen.tokens === undefined ? {} : { tokens: -ask.units }),
});

/** The guard's and its floor's next steps down, if they are due. The slot itself still costs the larger guard. */
const calmed = (seen: LimitItem, ask: ReservationAsk): Omit<UpdatePlan, "add"> => {
  const { guard_ms, guard_floor_ms: floor } = calmedGuard(ask.limit, seen);
  const guard = guard_ms === seen.guard_ms ? {} : { guard_ms };
  if (floor === seen.guard_floor_ms) return { expect: [], set: guard, remove: [] };
  const expect = asSeen(seen, ["guard_floor_ms"]);
  if (floor === undefined) return { expect, set: guard, remove: ["guard_floor_ms", "guard_floor_sequence"] };
  return { expect, set: { ...guard, guard_floor_ms: floor }, remove: [] };
};

/** STEADY: the next slot lies ahead within the horizon. It is taken, and the slot after it moves on. */
export const steadyGrant = (seen: LimitItem, ask: ReservationAsk): GrantPlan => {
  const cost = slotCostMs(ask.limit, seen);
  const expect = grantConditions(seen, ask);
  expect.push({ kind: "ge", attribute: "next_free_ms", value: ask.earliestMs });
  expect.push({ kind: "le", attribute: "next_free_ms", value: ask.nowMs + ask.horizonMs });
  const add = { ...counted(seen, ask), next_free_ms: cost };
  const { set, remove, expect: unchanged } = calmed(seen, ask);
  expect.push(...unchanged);
  return { kind: "STEADY", plan: { expect, set: { ...stampsOf(ask), ...set }, add, remove }, costMs: cost };
};

/** IDLE: no caller waits, and the next slot is free before this one could be used. The call may start at once. */
export const idleGrant = (seen: LimitItem, ask: ReservationAsk): GrantPlan => {
  const cost = slotCostMs(ask.limit, seen);
  const expect = grantConditions(seen, ask);
  expect.push({ kind: "le", attribute: "next_free_ms", value: ask.earliestMs });
  const { set, remove, expect: unchanged } = calmed(seen, ask);
  expect.push(...unchanged);
  const moved = { ...stampsOf(ask), next_free_ms: ask.earliestMs + cost, ...set };
  return { kind: "IDLE", plan: { expect, set: moved, add: counted(seen, ask), remove }, costMs: cost };
};

/**
 * The write to try from an item that may be outdated. It is right when the key is in its steady state; otherwise its
 * conditions fail, and the refusal returns the stored item. The refresh takes only slots that no caller waits for.
 */
export const optimisticGrant = (seen: LimitItem, ask: ReservationAsk): GrantPlan =>
  ask.priority === "refresh" ? idleGrant(seen, ask) : steadyGrant(seen, ask);
