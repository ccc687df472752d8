import { DAY_MS } from "../../durations.ts";
import type { LimitItem } from "../limit-item.ts";
import type { Bucket } from "./bucket-history.ts";
import { decodeHistory, encodeHistory } from "./bucket-history.ts";
import { QUARTER_MS, zoneDay } from "./day-zone.ts";

/**
 * How long after its grant a call may still reach the source: slots lie up to 10 s ahead, a call takes up to 30 s,
 * and clocks may differ by the remaining 20 s. A stretch of time is dropped only this long after its day.
 */
const LATE_ARRIVAL_MS = 60_000;
/** Silence before a local midnight: a slot 10 s ahead, a call of 30 s, and 5 s for clocks that differ. */
const QUIET_BEFORE_MIDNIGHT_MS = 45_000;
/** Silence after a local midnight, so that a fast clock never spends the new day inside the old one. */
const QUIET_AFTER_MIDNIGHT_MS = 15_000;
/** Quarter hours in one bucket of the refresh's coarser history. */
const REFRESH_WIDTH = 4;

/** The part of an item that holds the day's use. */
export type DayUse = Pick<LimitItem, "quota_day" | "calls_used" | "day_history" | "refresh_used" | "refresh_history">;

/** Number of the quarter hour in which `epochMs` lies. */
export const quarterOf = (epochMs: number): number => Math.floor(epochMs / QUARTER_MS);

/** When a bucket of `width` quarter hours leaves the window. */
const leavesAt = (index: number, width: number, zone: string | undefined): number => {
  const endMs = (index + 1) * width * QUARTER_MS;
  return zone === undefined
    ? endMs + DAY_MS + LATE_ARRIVAL_MS
    : zoneDay(zone, endMs - 1).endMs + QUIET_AFTER_MIDNIGHT_MS;
};

const bucketsOf = (history: string, used: number, current: number): Bucket[] => {
  const earlier = decodeHistory(history);
  const count = used - earlier.reduce((sum, bucket) => sum + bucket.count, 0);
  return [...earlier, { index: current, count: Math.max(0, count) }];
};

const roll = (
  buckets: readonly Bucket[],
  width: number,
  current: number,
  windowStartMs: number,
): { history: string; used: number } => {
  const live = buckets.filter((bucket) => (bucket.index + 1) * width * QUARTER_MS > windowStartMs);
  return {
    history: encodeHistory(live.filter((bucket) => bucket.index < current)),
    used: live.reduce((sum, bucket) => sum + bucket.count, 0),
  };
};

/**
 * The day's use as of `nowMs`: stretches that have left the window are dropped, and grants count into the present
 * quarter hour. A clock that is behind the item never moves it back.
 */
export const rollDay = (item: DayUse, nowMs: number, zone: string | undefined): DayUse => {
  const quarter = Math.max(item.quota_day, quarterOf(nowMs));
  const startMs = zone === undefined ? nowMs - DAY_MS - LATE_ARRIVAL_MS : zoneDay(zone, nowMs).startMs;
  const day = roll(bucketsOf(item.day_history, item.calls_used, item.quota_day), 1, quarter, startMs);
  const itemHour = Math.floor(item.quota_day / REFRESH_WIDTH);
  const hour = Math.floor(quarter / REFRESH_WIDTH);
  const refreshed = bucketsOf(item.refresh_history, item.refresh_used, itemHour);
  const refresh = roll(refreshed, REFRESH_WIDTH, hour, startMs);
  return {
    quota_day: quarter,
    calls_used: day.used,
    day_history: day.history,
    refresh_used: refresh.used,
    refresh_history: refresh.history,
  };
};

const freedAt = (buckets: readonly Bucket[], width: number, excess: number, zone: string | undefined): number => {
  let left = excess;
  let at = Number.NEGATIVE_INFINITY;
  for (const bucket of buckets) {
    if (left <= 0) break;
    left -= bucket.count;
    at = leavesAt(bucket.index, width, zone);
  }
  return at;
};

/**
 * When enough units will have left the window: `excess.calls` of all units and `excess.refresh` of the refresh's own.
 * Epoch milliseconds; minus infinity when nothing must leave.
 */
export const dayFreedAt = (
  item: DayUse,
  excess: { calls: number; refresh: number },
  zone: string | undefined,
): number => {
  const hour = Math.floor(item.quota_day / REFRESH_WIDTH);
  return Math.max(
    freedAt(bucketsOf(item.day_history, item.calls_used, item.quota_day), 1, excess.calls, zone),
    freedAt(bucketsOf(item.refresh_history, item.refresh_used, hour), REFRESH_WIDTH, excess.refresh, zone),
  );
};

/**
 * End of the silence around a local midnight when `nowMs` lies in it, else undefined. The source and callers with
 * unequal clocks must agree on the day to which a call belongs. A rolling day needs no silence.
 */
export const midnightSilenceEnd = (zone: string | undefined, nowMs: number): number | undefined => {
  if (zone === undefined) return undefined;
  const { startMs, endMs } = zoneDay(zone, nowMs);
  if (nowMs >= endMs - QUIET_BEFORE_MIDNIGHT_MS) return endMs + QUIET_AFTER_MIDNIGHT_MS;
  return nowMs < startMs + QUIET_AFTER_MIDNIGHT_MS ? startMs + QUIET_AFTER_MIDNIGHT_MS : undefined;
};
