import type { LimitItem } from "./limit-item.ts";
import type { RateLimit } from "./rate-limiter.ts";

/** Guard at one call a second, and the largest that a fresh key gets. */
const BASE_GUARD_MS = 50;
/** Guard at one call a second after calls have started on time for a while: 2.7 % of the second. */
const CALM_GUARD_MS = 27;
const SMALLEST_GUARD_MS = 2;
/** Grants between two steps down of a calm guard, and of its floor. */
const CALM_GRANTS = 5;
const CALM_FLOOR_GRANTS = 150;
/** Most of a late arrival that moves the slots after it. A slower answer is the source's own doing. */
const MAX_SHIFT_MS = 500;

/** Milliseconds between two calls, by the lower of our rate and the announced one. */
export const intervalMs = (limit: RateLimit, announcedRate: number | undefined): number =>
  1000 / (Math.min(limit.callsPerSecond, announcedRate ?? Number.POSITIVE_INFINITY) * limit.allowanceShare);

/**
 * Guard that a key starts with: 5 % of the interval, from 2 to 50 ms.
 * It covers late timers, unequal network times and clocks that differ.
 */
export const baseGuardMs = (limit: RateLimit): number =>
  Math.min(BASE_GUARD_MS, Math.max(SMALLEST_GUARD_MS, Math.ceil(intervalMs(limit, undefined) * 0.05)));

/** Guard that a key shrinks to while no call is late: 2.7 % of the interval, from 2 to 27 ms. */
export const leastGuardMs = (limit: RateLimit): number =>
  Math.min(CALM_GUARD_MS, Math.max(SMALLEST_GUARD_MS, Math.ceil(intervalMs(limit, undefined) * 0.027)));

/** Largest guard: five times its base, and at least the 50 ms that a busy machine needs. */
export const maxGuardMs = (limit: RateLimit): number => Math.max(BASE_GUARD_MS, 5 * baseGuardMs(limit));

/** Time that one slot takes: the interval and the guard, in whole milliseconds. */
export const slotCostMs = (limit: RateLimit, item: Pick<LimitItem, "guard_ms" | "announced_rate">): number =>
  Math.ceil(intervalMs(limit, item.announced_rate) + item.guard_ms);

/**
 * How late a call may start, in milliseconds: half of the guard. The other half covers the network and clocks that
 * differ, so that a late call and a punctual one are never closer than the interval.
 */
export const toleranceMs = (guardMs: number): number => Math.floor(guardMs / 2);

/** The guard and its floor, as the item holds them. */
type Guarded = Pick<LimitItem, "guard_ms" | "guard_floor_ms">;

const floorMs = (limit: RateLimit, item: Guarded): number => Math.max(leastGuardMs(limit), item.guard_floor_ms ?? 0);

/** The floor without a quarter of its rise above the least guard; undefined when nothing is left of it. */
const loweredFloorMs = (limit: RateLimit, item: Guarded): number | undefined => {
  const least = leastGuardMs(limit);
  const floor = Math.floor(least + (floorMs(limit, item) - least) * 0.75);
  return floor > least ? floor : undefined;
};

/**
 * Guard after the next grant: every fifth grant takes a tenth off, down to the floor. Measured lateness raises it
 * again at once. Every 150th grant takes a quarter of its rise from the floor.
 */
export const calmedGuard = (limit: RateLimit, item: Guarded & Pick<LimitItem, "sequence">): Guarded => {
  const { sequence, guard_ms, guard_floor_ms } = item;
  const isFloorDue = guard_floor_ms !== undefined && sequence % CALM_FLOOR_GRANTS === CALM_FLOOR_GRANTS - 1;
  const floored = isFloorDue ? { guard_ms, guard_floor_ms: loweredFloorMs(limit, item) } : { guard_ms, guard_floor_ms };
  if (sequence % CALM_GRANTS !== CALM_GRANTS - 1) return floored;
  const least = Math.max(leastGuardMs(limit), floored.guard_floor_ms ?? 0);
  return { ...floored, guard_ms: Math.min(guard_ms, Math.max(least, Math.floor(guard_ms * 0.9))) };
};

/**
 * Guard after a 429 that came although calls seemed to arrive on time: at least one and a half times the present guard or
 * the base guard. A floor of up to twice the base guard keeps it there, because each attempt to go below it costs a
 * refused call.
 */
export const guardAfterThrottle = (limit: RateLimit, item: Guarded): Required<Guarded> => {
  const base = baseGuardMs(limit);
  const floor = Math.min(2 * base, Math.ceil(1.5 * Math.max(item.guard_ms, base)));
  return { guard_ms: Math.max(item.guard_ms, floor), guard_floor_ms: floor };
};

/** Guard after a slot that was late. */
export const grownGuardMs = (limit: RateLimit, guardMs: number): number =>
  Math.min(maxGuardMs(limit), Math.ceil(guardMs * 1.5));

/** Guard that tolerates a measured lateness plus a quarter; never smaller than the present one. */
export const guardForLateness = (limit: RateLimit, guardMs: number, latenessMs: number): number =>
  Math.max(guardMs, Math.min(maxGuardMs(limit), Math.ceil(latenessMs * 2.5)));

/**
 * Guard after an arrival that was learned of too late; never smaller than the present one.
 * @param isLasting whether more of them must be expected: then a floor keeps the guard. Otherwise it grows to at most
 * twice the base guard and shrinks at once, because one moment of standing still must not cost the rate for long
 */
export const guardForArrival = (
  limit: RateLimit,
  { guard_ms, guard_floor_ms }: Guarded,
  latenessMs: number,
  isLasting: boolean,
): Guarded => {
  const most = isLasting ? maxGuardMs(limit) : 2 * baseGuardMs(limit);
  const enough = Math.min(most, Math.ceil(latenessMs));
  const guard = { guard_ms: Math.max(guard_ms, enough) };
  return isLasting ? { ...guard, guard_floor_ms: Math.max(guard_floor_ms ?? 0, enough) } : guard;
};

/** Guard after a quarter of an hour: the floor loses a quarter of its rise, and the guard shrinks towards the floor. */
export const shrunkGuard = (limit: RateLimit, item: Guarded): { guard_ms: number; guard_floor_ms?: number } => {
  const floor = loweredFloorMs(limit, item);
  const guardMs = Math.min(item.guard_ms, Math.max(floor ?? leastGuardMs(limit), Math.floor(item.guard_ms * 0.75)));
  return floor === undefined ? { guard_ms: guardMs } : { guard_ms: guardMs, guard_floor_ms: floor };
};

/** Calls that may arrive within one second, or within the interval where that is longer. */
export const callsPerWindow = (limit: RateLimit, announcedRate: number | undefined): number =>
  Math.max(1, Math.floor(1000 / intervalMs(limit, announcedRate)));

/**
 * Milliseconds by which the slots after a late arrival must move: what the guards of one window do not cover. A call
 * that is later than the interval takes the place of the next one, so that no more than that is needed.
 */
export const shiftForLateness = (
  limit: RateLimit,
  item: Pick<LimitItem, "guard_ms" | "announced_rate">,
  latenessMs: number,
): number => {
  const most = Math.min(MAX_SHIFT_MS, intervalMs(limit, item.announced_rate));
  const covered = item.guard_ms * (callsPerWindow(limit, item.announced_rate) - 0.5);
  return Math.ceil(Math.max(0, Math.min(most, latenessMs) - covered));
};
