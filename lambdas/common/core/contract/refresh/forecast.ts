import * as z from "zod";

/** Answer of `GET /refresh/forecast`. */
export const RefreshForecastSchema = z
  .object({
    products: z.number().int().min(0).describe("Products that the daily refresh keeps."),
    per_day: z
      .number()
      .int()
      .min(0)
      .describe("Products that the sources in use now can fetch for the refresh in a day; 0 while all are blocked."),
    will_expire: z
      .object({
        count: z
          .number()
          .int()
          .min(0)
          .describe("Products of which something has ended, or will within a day before it can be fetched again."),
        first_at: z.iso
          .datetime()
          .nullable()
          .describe("Hour in which the first of them ends, now when one has; null: none will."),
      })
      .describe("What will end before it can be fetched again."),
    advice: z
      .array(
        z.object({
          change: z.string().describe("What to change, one sentence."),
          will_expire: z
            .number()
            .int()
            .min(0)
            .describe("Products for which the day would still have no call with that change alone."),
        }),
      )
      .describe(
        "Changes that would keep more; empty when the day has a call for all, those that have ended among them.",
      ),
    as_of: z.iso
      .datetime()
      .nullable()
      .describe("Products are counted bucket by bucket, one an hour: the oldest count is of then. Null: none yet."),
    read_share: z.number().min(0).max(1).describe("Share of the buckets that have been counted so far."),
  })
  .meta({ id: "RefreshForecast" });
export type RefreshForecast = z.infer<typeof RefreshForecastSchema>;
