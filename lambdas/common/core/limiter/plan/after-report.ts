import { closed, opened, pausedByError, pausedByThrottles } from "../breaker/breaker-changes.ts";
import { opensBreaker, readFailures, writeFailures } from "../breaker/failure-log.ts";
import type { LimitItem } from "../limit-item.ts";
import { callsPerWindow, guardAfterThrottle, guardForLateness, intervalMs } from "../pace.ts";
import type { CallOutcome, RateLimit, Slot } from "../rate-limiter.ts";
import { learnArrival } from "./learn-arrival.ts";
import { learnSignals, silenced } from "./learn-signals.ts";

/** 429s without a success after which a source is paused: more calls only harm the account. */
const THROTTLES_TO_PAUSE = 10;
/** Least silence after a 429 that announces none: two intervals, at least 2 s, doubled with each 429 up to a minute. */
const SHORTEST_SILENCE_MS = 2_000;
const MAX_DEFAULT_SILENCE_MS = 60_000;

/** The report of a call, with all that its effect depends on. */
export interface Report {
  readonly limit: RateLimit;
  readonly slot: Slot;
  readonly outcome: CallOutcome;
  /** `units_granted` of the item right after the slot's grant, when known. */
  readonly unitsGranted: number | undefined;
  readonly nowMs: number;
}

const defaultSilence = (limit: RateLimit, item: LimitItem): number => {
  const first = Math.max(SHORTEST_SILENCE_MS, 2 * intervalMs(limit, item.announced_rate));
  return Math.min(Math.max(first, MAX_DEFAULT_SILENCE_MS), first * 2 ** (item.throttles ?? 0));
};

const withFailures = (item: LimitItem, failures: ReturnType<typeof readFailures>): LimitItem => {
  const { failures: _old, ...rest } = item;
  const text = writeFailures(failures);
  return text === undefined ? rest : { ...rest, failures: text };
};

const cleared = (item: LimitItem, sequence: number): LimitItem => {
  if (item.failures === undefined && item.throttles === undefined && item.pauses === undefined) return item;
  const later = readFailures(item.failures).filter((failure) => failure.sequence > sequence);
  const { failure_count: _count, throttles: _throttles, pauses: _pauses, ...rest } = withFailures(item, later);
  const kept = later.length === 0 ? {} : { failure_count: later.length };
  return { ...rest, ...kept, success_sequence: Math.max(sequence, item.success_sequence ?? 0) };
};

const afterSuccess = (item: LimitItem, report: Report & { outcome: { kind: "success" } }): LimitItem => {
  const { limit, slot, outcome, nowMs } = report;
  const base = item.breaker === "half-open" ? closed(item) : cleared(item, slot.sequence);
  const timed = learnArrival(base, limit, slot, outcome, nowMs);
  const guarded = { ...timed, guard_ms: guardForLateness(limit, timed.guard_ms, outcome.latenessMs) };
  const silence = outcome.signals.retryAfterMs ?? 0;
  return silence > 0 ? silenced(guarded, nowMs, silence) : guarded;
};

/** Whether a call just before this one arrived so late that the two were too close. */
const isExplained = (item: LimitItem, { limit, slot }: Report): boolean => {
  const late = item.late_sequence;
  if (late === undefined || late >= slot.sequence) return false;
  return slot.sequence - late <= callsPerWindow(limit, item.announced_rate);
};

const afterThrottle = (item: LimitItem, report: Report & { outcome: { kind: "throttled" } }): LimitItem => {
  const { limit, slot, outcome, nowMs } = report;
  const silence = outcome.signals.retryAfterMs ?? outcome.signals.refillInMs ?? defaultSilence(limit, item);
  return {
    ...silenced(item, nowMs, silence),
    ...(isExplained(item, report) ? {} : { ...guardAfterThrottle(limit, item), guard_floor_sequence: slot.sequence }),
    throttles: (item.throttles ?? 0) + 1,
  };
};

/** A fault is no throttle. One that says when to come back (mostly a 503) is obeyed like one. */
const afterFault = (item: LimitItem, report: Report & { outcome: { kind: "unhealthy" } }): LimitItem => {
  const silence = report.outcome.signals.retryAfterMs ?? 0;
  return silence > 0 ? silenced(item, report.nowMs, silence) : item;
};

const withFailure = (item: LimitItem, report: Report): LimitItem => {
  const failures = [...readFailures(item.failures), { sequence: report.slot.sequence, atMs: report.nowMs }];
  const counted = withFailures({ ...item, failure_count: (item.failure_count ?? 0) + 1 }, failures);
  if ((counted.throttles ?? 0) >= THROTTLES_TO_PAUSE) return pausedByThrottles(counted, report.nowMs);
  const opens = item.breaker === "half-open" || opensBreaker(failures, report.nowMs);
  return opens ? opened(counted, report.nowMs) : counted;
};

const isStale = (item: LimitItem, { slot, outcome }: Report): boolean => {
  if (item.epoch !== slot.epoch) return true;
  if (item.breaker === "half-open" && item.probe_owner !== slot.probeOwner) return true;
  if (outcome.kind === "success") return false;
  if (slot.sequence <= (item.success_sequence ?? 0)) return true;
  return readFailures(item.failures).some((failure) => failure.sequence === slot.sequence);
};

/**
 * The item after a call's report. Unchanged when the report is stale: from before a change of the breaker, from a
 * caller whose probe went to another, a failure older than a success, or a repeated report.
 */
export const afterReport = (item: LimitItem, report: Report): LimitItem => {
  if (isStale(item, report)) return item;
  const { outcome, slot, nowMs } = report;
  if (outcome.kind === "critical") return pausedByError(item, nowMs, outcome.code, outcome.message);
  const call = { sequence: slot.sequence, unitsGranted: report.unitsGranted };
  const learned = learnSignals(item, report.limit, outcome.signals, call, nowMs);
  if (outcome.kind === "success") return afterSuccess(learned, { ...report, outcome });
  if (outcome.kind === "throttled") return withFailure(afterThrottle(learned, { ...report, outcome }), report);
  return withFailure(afterFault(learned, { ...report, outcome }), report);
};
