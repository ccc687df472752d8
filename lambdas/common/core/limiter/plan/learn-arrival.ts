import type { LimitItem } from "../limit-item.ts";
import { callsPerWindow, guardForArrival, intervalMs, maxGuardMs, shiftForLateness } from "../pace.ts";
import type { CallTiming, RateLimit, Slot } from "../rate-limiter.ts";

/** A round trip counts as quicker only by this much, in milliseconds: each new record is a write. */
const QUICKER_BY_MS = 2;
/** Calls of a new key that may all have been slow: by a cold process, or by a network whose quickest way is unknown. */
const COLD_CALLS = 3;
/** Calls of a new key after which the quickest of their round trips is about the quickest there is. */
const FEW_CALLS = 10;
/** Milliseconds by which the quickest round trip of a few calls may be slower than the quickest there is. */
const FEW_CALLS_MARGIN_MS = 30;
/** How long before its time the owner of a slot reads it for the last time, and a little for the read. */
const LAST_READ_MS = 150;

const quickestOf = ({ round_trip_ms, last_round_trip_ms }: LimitItem): number =>
  Math.min(round_trip_ms ?? Number.POSITIVE_INFINITY, last_round_trip_ms ?? Number.POSITIVE_INFINITY);

/**
 * Milliseconds after its slot at which a call may have reached the source, less the quickest way there. A call cannot
 * have been on its way for longer than its round trip took beyond the quickest one.
 */
const arrivalLatenessMs = (item: LimitItem, { latenessMs, roundTripMs, networkMs }: CallTiming): number => {
  if (roundTripMs === undefined) return latenessMs;
  const quickest = quickestOf(item);
  const margin = item.sequence < FEW_CALLS ? FEW_CALLS_MARGIN_MS : 0;
  const isKnown = Number.isFinite(quickest) && item.sequence > COLD_CALLS;
  const excess = isKnown ? Math.max(0, roundTripMs - quickest) + margin : roundTripMs;
  return latenessMs + Math.min(excess, networkMs ?? Number.POSITIVE_INFINITY);
};

const withRoundTrip = (item: LimitItem, roundTripMs: number | undefined): LimitItem => {
  if (roundTripMs === undefined) return item;
  const record = (item.round_trip_ms ?? Number.POSITIVE_INFINITY) - QUICKER_BY_MS;
  return roundTripMs <= record ? { ...item, round_trip_ms: Math.max(0, Math.round(roundTripMs)) } : item;
};

/** The floor of a 429 that this late arrival explains was set for nothing. */
const withoutFloor = (item: LimitItem, limit: RateLimit, slot: Slot): LimitItem => {
  const { guard_floor_ms: _floor, guard_floor_sequence: throttled = 0, ...rest } = item;
  const isExplained =
    throttled > slot.sequence && throttled - slot.sequence <= callsPerWindow(limit, item.announced_rate);
  return isExplained ? rest : item;
};

/** Whether by then the calls that a late arrival is too close to have been made, or can no longer learn of it. */
const isTooLate = (item: LimitItem, limit: RateLimit, slot: Slot, atMs: number): boolean => {
  const interval = intervalMs(limit, item.announced_rate);
  return atMs > slot.atMs + interval * callsPerWindow(limit, item.announced_rate) - LAST_READ_MS;
};

/**
 * Whether a source is so slow that arrivals are learned of too late which the guard could have covered. Its guard must
 * cover them for a while. Elsewhere a late report shows only that a table or a process stood still for a moment.
 */
const isSlowSource = (item: LimitItem, limit: RateLimit, slot: Slot): boolean =>
  isTooLate(item, limit, slot, slot.atMs + quickestOf(item) + maxGuardMs(limit));

/**
 * The item with what a call's timing shows: the quickest round trip and, when the call arrived later than the guard
 * covers, all later slots moved by the rest. Who waits for one of them rechecks it before its time. A slow answer shows
 * the late arrival only when the next call was made: then the guard covers the next one. Moves nothing twice,
 * and nothing for a call before another late one.
 */
export const learnArrival = (
  item: LimitItem,
  limit: RateLimit,
  slot: Slot,
  timing: CallTiming,
  nowMs: number,
): LimitItem => {
  const lateMs = arrivalLatenessMs(item, timing);
  const shift = shiftForLateness(limit, item, lateMs);
  const learned = withRoundTrip(item, timing.roundTripMs);
  if (shift === 0 || slot.sequence <= (item.late_sequence ?? 0)) return learned;
  const nextFree = item.next_free_ms + shift;
  if (nextFree <= nowMs && item.sequence === slot.sequence) return learned;
  const late = { ...withoutFloor(learned, limit, slot), late_sequence: slot.sequence };
  // The first round trip of a key is all that is known of it: no measure for a guard that lasts.
  if (isTooLate(item, limit, slot, nowMs)) {
    if (!Number.isFinite(quickestOf(item))) return late;
    return { ...late, ...guardForArrival(limit, late, lateMs, isSlowSource(item, limit, slot)) };
  }
  return { ...late, next_free_ms: nextFree, shifted_ms: (item.shifted_ms ?? 0) + shift };
};
