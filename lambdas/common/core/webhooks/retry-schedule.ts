import { HOUR_MS, MINUTE_MS } from "../durations.ts";

/** Waits after the failed attempts of a delivery, milliseconds: together more than a day. */
const WAITS_MS: readonly number[] = [
  5_000,
  30_000,
  2 * MINUTE_MS,
  10 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  3 * HOUR_MS,
  6 * HOUR_MS,
  14 * HOUR_MS,
];
/** Part of a wait that is added by chance, so that what failed together is not tried again together. */
const JITTER = 0.1;

/** Attempts of a delivery, the first included. */
export const MAX_ATTEMPTS = WAITS_MS.length + 1;

/**
 * How long to wait after a failed attempt, milliseconds; undefined when it was the last one.
 * @param attempts attempts so far, from 1
 * @param random from 0 to less than 1
 */
export const waitAfter = (attempts: number, random: number): number | undefined => {
  const wait = WAITS_MS[attempts - 1];
  return wait === undefined ? undefined : Math.round(wait * (1 + JITTER * random));
};

/** How long an endpoint may fail without a success, milliseconds; then it is switched off. Every delivery is tried longer. */
export const MAX_FAILING_MS = 24 * HOUR_MS;

/** While an endpoint fails it gets one attempt in so long a time, milliseconds: more than a call may take. */
export const PROBE_INTERVAL_MS = 12_000;

const LEAST_HOLD_MS = 30_000;
const LONGEST_HOLD_MS = HOUR_MS;

/**
 * How long a delivery is held back that did not get the attempt of its failing endpoint, milliseconds: the longer it has
 * failed, the longer, so that what piles up costs little.
 */
export const holdWhileFailing = (failingMs: number, random: number): number =>
  Math.round(Math.min(LONGEST_HOLD_MS, Math.max(LEAST_HOLD_MS, failingMs / 4)) * (1 + random / 2));
