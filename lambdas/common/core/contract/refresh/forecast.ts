import * as z from "zod";

/** Answer of `GET /refresh/forecast`. */
export const RefreshForecastSchema = z
  .object({
    products: z.number().int().min(0).describe("Products that the daily refresh keeps."),
    per_day: z
      .number()
      .int()
      .min(0)
      .describe("Products that the first source with credentials can fetch for the refresh in a day."),
    will_expire: z
      .object({
        count: z
          .number()
          .int()
          .min(0)
          .describe(
            "Products that cannot be kept fresh over the next day; those that have ended and stay so count too.",
          ),
        first_at: z.iso.datetime().nullable().describe("Hour in which the first of them ends; null: none will."),
      })
      .describe("What will end before it can be fetched again."),
    advice: z
      .array(
        z.object({
          change: z.string().describe("What to change, one sentence."),
          will_expire: z.number().int().min(0).describe("Products that would still end with that change alone."),
        }),
      )
      .describe("Changes that would keep more; empty when all are kept."),
    as_of: z.iso
      .datetime()
      .nullable()
      .describe("Products are counted bucket by bucket, one an hour: the oldest count is of then. Null: none yet."),
    read_share: z.number().min(0).max(1).describe("Share of the buckets that have been counted so far."),
  })
  .meta({ id: "RefreshForecast" });
export type RefreshForecast = z.infer<typeof RefreshForecastSchema>;
