import { probeReturned } from "../breaker/breaker-changes.ts";
import type { LimitItem } from "../limit-item.ts";
import { grownGuardMs, maxGuardMs } from "../pace.ts";
import type { RateLimit, Slot } from "../rate-limiter.ts";

const holdsProbe = (item: LimitItem, slot: Slot): boolean =>
  item.breaker === "half-open" && item.epoch === slot.epoch && item.probe_owner === slot.probeOwner;

/** Whether a slot is still valid by the present item: same epoch, not silenced, its probe still its own. */
export const isSlotValid = (item: LimitItem | undefined, slot: Slot): boolean => {
  if (!item || item.epoch !== slot.epoch) return false;
  if ((item.quiet_until_ms ?? 0) > slot.atMs) return false;
  return slot.probeOwner === undefined ? item.breaker === "closed" : holdsProbe(item, slot);
};

/**
 * The item after a slot was reached `latenessMs` after its time. The guard grows, so that a timer as late as this one
 * fits next time, unless the process was frozen, which says nothing about timers. A probe is given back.
 */
export const afterLateSlot = (
  item: LimitItem,
  slot: Slot,
  latenessMs: number,
  limit: RateLimit | undefined,
  nowMs: number,
): LimitItem => {
  const timer = limit !== undefined && latenessMs <= maxGuardMs(limit) && item.epoch === slot.epoch;
  const guarded = timer ? { ...item, guard_ms: grownGuardMs(limit, item.guard_ms) } : item;
  return slot.probeOwner !== undefined && holdsProbe(item, slot) ? probeReturned(guarded, nowMs) : guarded;
};
