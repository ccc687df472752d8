import { probeReturned } from "../breaker/breaker-changes.ts";
import type { Grant } from "../known-items.ts";
import type { LimitItem } from "../limit-item.ts";
import { grownGuardMs, maxGuardMs } from "../pace.ts";
import type { RateLimit, Slot } from "../rate-limiter.ts";

const holdsProbe = (item: LimitItem, slot: Slot): boolean =>
  item.breaker === "half-open" && item.epoch === slot.epoch && item.probe_owner === slot.probeOwner;

/** Milliseconds by which late arrivals have moved the slot since it was granted or last rechecked. */
const movedMs = (item: LimitItem, slot: Slot): number => Math.max(0, (item.shifted_ms ?? 0) - slot.shiftedMs);

/**
 * The slot by the present item: moved by the late arrivals before it. Undefined when it is void: the breaker changed
 * since, the source is silenced at its time, or its probe went to another.
 */
export const asItIsNow = (item: LimitItem, slot: Slot): Slot | undefined => {
  if (item.epoch !== slot.epoch) return undefined;
  const atMs = slot.atMs + movedMs(item, slot);
  if ((item.quiet_until_ms ?? 0) > atMs) return undefined;
  const isOurs = slot.probeOwner === undefined ? item.breaker === "closed" : holdsProbe(item, slot);
  return isOurs ? { ...slot, atMs, shiftedMs: Math.max(slot.shiftedMs, item.shifted_ms ?? 0) } : undefined;
};

/** A slot in which no call was made. */
export interface UnusedSlot {
  readonly slot: Slot;
  readonly grant: Grant | undefined;
  readonly limit: RateLimit | undefined;
  /** Milliseconds by which a timer was late; 0: that was not the cause. */
  readonly lateMs: number;
  readonly nowMs: number;
}

/**
 * Its units, while they count where they were counted. Not the tokens of a bucket: a refill that the source's full bucket
 * lost meanwhile would be counted twice, and the next answer says what is there.
 */
const withUnits = (item: LimitItem, grant: Grant | undefined): LimitItem => {
  if (!grant || grant.quarter !== item.quota_day) return item;
  const calls = { ...item, calls_used: Math.max(0, item.calls_used - grant.units) };
  return grant.isRefresh ? { ...calls, refresh_used: Math.max(0, item.refresh_used - grant.units) } : calls;
};

/** Its time, when no later slot was granted. */
const withTime = (item: LimitItem, { slot, nowMs }: UnusedSlot): LimitItem => {
  if (item.sequence !== slot.sequence) return item;
  const free = Math.max(nowMs, slot.atMs + movedMs(item, slot), item.quiet_until_ms ?? 0);
  return { ...item, next_free_ms: Math.min(item.next_free_ms, free) };
};

/** The guard grows, so that a timer as late as this one fits next time; a frozen process says nothing about timers. */
const withGuard = (item: LimitItem, { limit, lateMs }: UnusedSlot): LimitItem =>
  limit && lateMs > 0 && lateMs <= maxGuardMs(limit) ? { ...item, guard_ms: grownGuardMs(limit, item.guard_ms) } : item;

/**
 * The item after a slot was given back. A slot from before a change of the breaker gives nothing back. Neither does one
 * that is older than the last one given back: a write whose answer was lost is made again, and must not count twice.
 */
export const afterUnusedSlot = (item: LimitItem, unused: UnusedSlot): LimitItem => {
  const { slot, grant, nowMs } = unused;
  if (item.epoch !== slot.epoch || slot.sequence <= (item.returned_sequence ?? 0)) return item;
  const returned = {
    ...withGuard(withTime(withUnits(item, grant), unused), unused),
    returned_sequence: slot.sequence,
  };
  return slot.probeOwner !== undefined && holdsProbe(item, slot) ? probeReturned(returned, nowMs) : returned;
};
