import * as z from "zod";
import { SourceIdSchema } from "../../source-ids.ts";

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
export const DataSourcesSchema = z
  .object({
    data_sources: z
      .partialRecord(SourceIdSchema, SourceAnalyticsSchema)
      .describe("By source id, every enabled source."),
    cache_size: z.number().int().min(0).describe("Products stored, as DynamoDB counts them every few hours."),
    cache_hit_rate: z
      .number()
      .min(0)
      .max(1)
      .nullable()
      .describe("Share of the products asked for that needed no call, 0 to 1; null when none were asked for."),
    recommendations: z.array(z.string()).describe("What to change, in plain words; empty when all is well."),
    timestamp: z.iso.datetime().describe("When this was read."),
  })
  .meta({ id: "DataSources" });
