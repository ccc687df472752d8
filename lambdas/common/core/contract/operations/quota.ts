import * as z from "zod";
import { SourceIdSchema } from "../../source-ids.ts";
import { SourceStateSchema } from "../../sources/source-states.ts";

/** One source in `GET /quota`. */
export const SourceQuotaSchema = z
  .object({
    source: SourceIdSchema.describe("The source."),
    state: SourceStateSchema.describe(
      "The state, in one word. `waiting`: its pace or its day; it continues by itself. `not_configured`: no usable credentials, so it is skipped.",
    ),
    calls_per_second: z.number().positive().describe("Calls a second that the limiter allows it at present."),
    used_today: z.number().min(0).describe("Units (calls, for Keepa tokens) since the day began."),
    left_today: z.number().nullable().describe("Units left of the day; null: no daily limit."),
    breaker: z
      .enum(["closed", "open", "half-open"])
      .nullable()
      .describe(
        "`closed`: calls go; `open`: none go, after failures; `half-open`: one trial call goes. Null when the source is not configured.",
      ),
    products_still_servable_today: z
      .number()
      .int()
      .min(0)
      .nullable()
      .describe("Products that `left_today` is enough for; null: no daily limit."),
    retry_at: z.iso.datetime().nullable().describe("When calls may go again; null when they may go now."),
    reason: z.string().describe("The state, in plain words."),
    next_step: z.string().describe("What to do or to expect, one or two sentences."),
  })
  .meta({ id: "SourceQuota" });
export type SourceQuota = z.infer<typeof SourceQuotaSchema>;

/** Answer of `GET /quota`. */
export const QuotaSchema = z
  .object({
    sources: z.array(SourceQuotaSchema).describe("Enabled sources in the order in which they are asked."),
    timestamp: z.iso.datetime().describe("When this was read."),
  })
  .meta({ id: "Quota" });
