import { TransientError } from "../../core/errors.ts";
import type { CallOutcome, RateLimit, RateLimiter, Slot } from "../../core/limiter/rate-limiter.ts";
import type { ChainDeps } from "./chain-deps.ts";

/** Pause before the one repeat of a report: long enough for a hiccup of the store that its client gave up on. */
const REPEAT_AFTER_MS = 200;

interface LostReport {
  readonly limit: RateLimit;
  readonly slot: Slot;
  readonly outcome: CallOutcome;
}

/** Failures that a limiter could not be told of, oldest first, by limit key. */
const lostReports = new WeakMap<RateLimiter, Map<string, readonly LostReport[]>>();

const lostOf = (limiter: RateLimiter): Map<string, readonly LostReport[]> => {
  const known = lostReports.get(limiter);
  if (known) return known;
  const fresh = new Map<string, readonly LostReport[]>();
  lostReports.set(limiter, fresh);
  return fresh;
};

const unreported = ({ limit, outcome }: LostReport, cause: unknown): TransientError =>
  new TransientError(
    `the limiter could not be told that a call of ${limit.limitKey} ended ${outcome.kind}; none follows before it is`,
    { code: "limits_unavailable", cause },
  );

/**
 * Tells the limiter how a call went. A success that gets lost costs nothing but a warning, because the answer is paid
 * for. A throttle, a fault or a refusal must be heard, or more calls follow it: it is told once more, and if that
 * fails too, no call of its key may start until `tellLost` has told it.
 * @returns warnings
 * @throws TransientError when a failure could not be told
 */
export const reportOutcome = async (
  { limiter, clock }: Pick<ChainDeps, "limiter" | "clock">,
  limit: RateLimit,
  slot: Slot,
  outcome: CallOutcome,
): Promise<string[]> => {
  try {
    await limiter.report(limit, slot, outcome);
    return [];
  } catch (error) {
    if (outcome.kind === "success") return [`a success of ${limit.limitKey} was not reported: ${String(error)}`];
  }
  await clock.sleep(REPEAT_AFTER_MS);
  try {
    await limiter.report(limit, slot, outcome);
    return [];
  } catch (error) {
    const report = { limit, slot, outcome };
    const reports = lostOf(limiter);
    reports.set(limit.limitKey, [...(reports.get(limit.limitKey) ?? []), report]);
    throw unreported(report, error);
  }
};

/**
 * Tells the limiter of the failures of a key that got lost in this instance; does nothing when there are none. Called
 * before every reservation. A report that has become stale meanwhile changes nothing.
 * @throws TransientError when one still cannot be told: then no call may start
 */
export const resendLostReports = async (limiter: RateLimiter, limitKey: string): Promise<void> => {
  const reports = lostReports.get(limiter);
  for (const report of reports?.get(limitKey) ?? []) {
    try {
      await limiter.report(report.limit, report.slot, report.outcome);
    } catch (error) {
      throw unreported(report, error);
    }
    const left = reports?.get(limitKey)?.filter((other) => other !== report) ?? [];
    if (left.length > 0) reports?.set(limitKey, left);
    else reports?.delete(limitKey);
  }
};
