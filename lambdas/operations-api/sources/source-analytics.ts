import type { SourceAnalytics } from "../../common/core/contract/operations/data-sources.ts";
import { latencyPercentile, type SourceUsage } from "../../common/core/sources/analytics/source-usage.ts";

/** Figures of one source from its counters. */
export const sourceAnalytics = (usage: SourceUsage): SourceAnalytics => {
  const { requests } = usage;
  return {
    total_requests: requests,
    success_rate: requests === 0 ? null : usage.successes / requests,
    average_response_time: requests === 0 ? null : Math.round(usage.latencyMsTotal / requests),
    p95_response_time: latencyPercentile(usage.latencyHistogram, 0.95),
    throttled: usage.throttled,
    failures_by_code: { ...usage.failuresByCode },
  };
};

const percent = (share: number): string => `${Math.round(share * 100)} %`;

/**
 * What to change, from the sources' usage.
 * @param usages enabled sources in the order in which they are asked
 */
export const recommendationsOf = (usages: readonly SourceUsage[]): string[] => {
  const rates = usages.flatMap((usage) => {
    const { success_rate } = sourceAnalytics(usage);
    return success_rate === null ? [] : [{ id: usage.source, rate: success_rate }];
  });
  const firstId = usages[0]?.source;
  const first = rates.find(({ id }) => id === firstId);
  if (!first) return [];
  const fallbacks = rates.filter(({ id }) => id !== firstId);
  const said: string[] = [];
  if (first.rate < 0.5) {
    said.push(
      `Only ${percent(first.rate)} of the calls to ${first.id} succeed: check its credentials and limits with enrichline doctor.`,
    );
  }
  const better = fallbacks.filter(({ rate }) => rate > 0.8);
  if (first.rate < 0.8) {
    for (const { id, rate } of better) {
      said.push(
        `${id} succeeds in ${percent(rate)} of its calls, ${first.id} in ${percent(first.rate)}: consider asking ${id} first until ${first.id} is well again.`,
      );
    }
  }
  if (first.rate > 0.9 && fallbacks.length > 0) {
    said.push(
      `${first.id} succeeds in ${percent(first.rate)} of its calls: rely less on ${fallbacks.map(({ id }) => id).join(" and ")}, whose calls may cost extra.`,
    );
  }
  return said;
};
