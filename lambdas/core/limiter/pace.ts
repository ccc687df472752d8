import type { RateLimit } from "../rate-limiter.ts";
import type { LimitItem } from "./limit-item.ts";

/** Guard at one call a second, also the most that a fresh key gets. */
const BASE_GUARD_MS = 50;
const SMALLEST_GUARD_MS = 2;

/** Milliseconds between two calls that the limit allows, by the lower of our rate and the announced one. */
export const intervalMs = (limit: RateLimit, announcedRate: number | undefined): number =>
  1000 / (Math.min(limit.calls_per_second, announcedRate ?? Number.POSITIVE_INFINITY) * limit.allowance_share);

/**
 * Guard that a key starts with and shrinks back to: 5 % of the interval, from 2 to 50 ms.
 * It covers late timers, unequal network times and clocks that differ.
 */
export const baseGuardMs = (limit: RateLimit): number =>
  Math.min(BASE_GUARD_MS, Math.max(SMALLEST_GUARD_MS, Math.ceil(intervalMs(limit, undefined) * 0.05)));

/** Most that the guard may grow to: five times its base, and at least the 50 ms that a busy machine needs. */
export const maxGuardMs = (limit: RateLimit): number => Math.max(BASE_GUARD_MS, 5 * baseGuardMs(limit));

/** What one slot costs in time: the interval and the guard, in whole milliseconds. */
export const slotCostMs = (limit: RateLimit, item: Pick<LimitItem, "guard_ms" | "announced_rate">): number =>
  Math.ceil(intervalMs(limit, item.announced_rate) + item.guard_ms);

/**
 * How late a call may start, in milliseconds: half of the guard. The other half is left to the network and to
 * clocks that differ, so that a late call and a punctual one never come closer than the interval.
 */
export const toleranceMs = (guardMs: number): number => Math.floor(guardMs / 2);

/** Guard after a sign that it was too small (a 429, a slot that came up late). */
export const grownGuardMs = (limit: RateLimit, guardMs: number): number =>
  Math.min(maxGuardMs(limit), Math.ceil(guardMs * 1.5));

/** Guard that tolerates a measured lateness with a quarter to spare; never smaller than the present one. */
export const guardForLateness = (limit: RateLimit, guardMs: number, latenessMs: number): number =>
  Math.max(guardMs, Math.min(maxGuardMs(limit), Math.ceil(latenessMs * 2.5)));

/** Guard after a quarter of an hour: a quarter of what it had grown is taken back. */
export const shrunkGuardMs = (limit: RateLimit, guardMs: number): number => {
  const base = baseGuardMs(limit);
  return guardMs <= base ? base : Math.floor(base + (guardMs - base) * 0.75);
};
