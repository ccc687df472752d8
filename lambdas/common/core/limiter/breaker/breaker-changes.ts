import type { LimitItem } from "../limit-item.ts";
import { THROTTLED } from "../rate-limiter.ts";

/** Cool-down of an open breaker. */
const OPEN_MS = 300_000;
/** First pause after ten 429s. A source that refuses our credentials is tried again after the same time. */
const PAUSE_MS = 15 * 60_000;
const MAX_PAUSE_MS = 60 * 60_000;
/** Longest detail, in characters: the item must stay under 1 KB. */
const MAX_DETAIL = 120;

/** Cuts a message between words. */
const shortened = (message: string): string =>
  message.length <= MAX_DETAIL
    ? message.toWellFormed()
    : `${message
        .slice(0, MAX_DETAIL - 3)
        .toWellFormed()
        .replace(/\s{1,9}\S{0,120}$/, "")}...`;

const withoutProbe = (item: LimitItem): LimitItem => {
  const { probe_owner: _owner, probe_deadline_ms: _deadline, ...rest } = item;
  return rest;
};

/** Open for another 300 s. Reports of earlier calls are void from now on. */
export const opened = (item: LimitItem, nowMs: number): LimitItem => ({
  ...withoutProbe(item),
  breaker: "open",
  epoch: item.epoch + 1,
  open_until_ms: nowMs + OPEN_MS,
});

/** Paused because the source answered nothing but 429: 15 min, then 30, then an hour. Each pause ends in one probe. */
export const pausedByThrottles = (item: LimitItem, nowMs: number): LimitItem => ({
  ...opened(item, nowMs),
  open_until_ms: nowMs + Math.min(MAX_PAUSE_MS, PAUSE_MS * 2 ** (item.pauses ?? 0)),
  pauses: (item.pauses ?? 0) + 1,
  pause_code: THROTTLED,
  pause_detail: `The source refused ${item.throttles ?? 0} calls in a row for their rate; accounts without sales get that too.`,
});

/** Paused because the source refuses credentials or account. One probe every 15 min until it passes or is cleared. */
export const pausedByError = (item: LimitItem, nowMs: number, code: string, message: string): LimitItem => ({
  ...opened(item, nowMs),
  open_until_ms: nowMs + PAUSE_MS,
  pause_code: code,
  pause_detail: shortened(message),
});

/** Closed, with all failures, throttles and pauses forgotten. */
export const closed = (item: LimitItem): LimitItem => {
  const {
    open_until_ms: _until,
    pause_code: _code,
    pause_detail: _detail,
    pauses: _pauses,
    failures: _failures,
    failure_count: _count,
    throttles: _throttles,
    ...rest
  } = withoutProbe(item);
  return { ...rest, breaker: "closed", epoch: item.epoch + 1 };
};

/** The probe missed its slot time: another caller may take it at once. */
export const probeReturned = (item: LimitItem, nowMs: number): LimitItem => ({
  ...opened(item, nowMs),
  open_until_ms: nowMs,
});
