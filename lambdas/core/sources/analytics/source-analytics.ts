import * as z from "zod";
import { SourceIdSchema } from "../../source-ids.ts";
import { latencyPercentile, type SourceUsage } from "./source-usage.ts";

/** What one source did. */
export const SourceAnalyticsSchema = z
  .object({
    total_requests: z.number().int().min(0).describe("Calls made."),
    success_rate: z.number().min(0).max(1).nullable().describe("Share of the calls that succeeded, 0 to 1."),
    average_response_time: z.number().int().min(0).nullable().describe("Mean response time, milliseconds."),
    p95_response_time: z
      .number()
      .int()
      .min(0)
      .nullable()
      .describe(
        "95 of 100 calls took no longer, milliseconds; the upper bound of the histogram's place, so never too low below 30 s.",
      ),
    throttled: z.number().int().min(0).describe("Calls refused because of our pace or quota."),
    failures_by_code: z
      .record(z.string(), z.number().int().min(0))
      .describe(
        "By the source's own code: calls that failed as a whole, throttled ones included, and single ids that failed.",
      ),
  })
  .meta({ id: "SourceAnalytics", description: "What one source did; shares and times are null without a call." });
export type SourceAnalytics = z.infer<typeof SourceAnalyticsSchema>;

/** Answer of `GET /analytics/data-sources`. */
export const DataSourcesSchema = z.object({
  data_sources: z.partialRecord(SourceIdSchema, SourceAnalyticsSchema).describe("By source id, every enabled source."),
  cache_size: z.number().int().min(0).describe("Products stored, as DynamoDB counts them every few hours."),
  cache_hit_rate: z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .describe("Share of the products asked for that needed no call, 0 to 1; null when none were asked for."),
  recommendations: z.array(z.string()).describe("What to change, in plain words; empty when all is well."),
  timestamp: z.iso.datetime().describe("When this was read."),
});

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
