import type { CountedCall } from "../../../core/sources/analytics/source-usage.ts";
import type { SourceAnswer } from "../../../core/sources/source-client.ts";
import type { CallRecord } from "../chain-deps.ts";

/** Codes of the single ids that failed inside an answer, with how often. */
export const itemFailuresIn = ({ failures }: Pick<SourceAnswer, "failures">): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { code } of failures) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
};

/** A call in the form of the hourly counters; refused credentials count as a failure. */
export const countedCall = ({ outcome, code, durationMs, itemFailures }: CallRecord): CountedCall => ({
  outcome: outcome === "critical" ? "failed" : outcome,
  latencyMs: durationMs,
  itemFailures,
  ...(code === null ? {} : { code }),
});
