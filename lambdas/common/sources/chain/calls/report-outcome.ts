import { errorWords } from "../../../core/error-words.ts";
import { TransientError } from "../../../core/errors.ts";
import type { CallOutcome, RateLimit, RateLimiter, Slot } from "../../../core/limiter/rate-limiter.ts";
import type { ChainDeps } from "../chain-deps.ts";

/** Pause before the one repeat of a report: long enough for a short failure of the store. */
const REPEAT_AFTER_MS = 200;

interface LostReport {
  readonly limit: RateLimit;
  readonly slot: Slot;
  readonly outcome: CallOutcome;
}

/** Failure reports that did not reach their limiter, oldest first, by limit key. */
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
    `the report that a call of ${limit.limitKey} ended ${outcome.kind} was lost; no call follows before it is sent`,
    { code: "limits_unavailable", cause },
  );

/**
 * Reports to the limiter how a call ended. A lost success is only a warning, because the answer is paid for. A
 * throttle, a fault or a refusal must arrive, or more calls follow it: its report is repeated once, and if that fails
 * too, no call of its key may start until `resendLostReports` has delivered it.
 * @returns warnings
 * @throws TransientError when a failure could not be reported
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
    if (outcome.kind === "success") return [`a success of ${limit.limitKey} was not reported: ${errorWords(error)}`];
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
 * Sends the lost failure reports of a key in this instance again; does nothing when there are none. Called before every
 * reservation. A report that has become stale meanwhile changes nothing.
 * @throws TransientError when one still cannot be delivered: then no call may start
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
