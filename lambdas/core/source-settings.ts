import * as z from "zod";
import { SourceIdSchema } from "./source-ids.ts";

/** What a stage says of one source. */
export const SourceSettingsSchema = z.object({
  id: SourceIdSchema,
  /** Calls per second that the account is allowed; absent: the source's own default. */
  calls_per_second: z.number().positive().optional(),
  /** Units (calls, tokens) a day; null: no daily limit; absent: the source's own default. */
  units_per_day: z.number().int().positive().nullable().optional(),
  /** Part of the allowance that Enrichline may use, 0 to 1; the rest is left to the owner's other tools. */
  allowance_share: z.number().gt(0).max(1).default(1),
  /** Address overrides by name, such as `{api, token}`; none: the real upstream. */
  endpoints: z.record(z.string(), z.url()).default({}),
});
export type SourceSettings = z.infer<typeof SourceSettingsSchema>;

/** The enabled sources in the order in which they are asked, as JSON in an environment variable. */
export const SourcesJsonSchema = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue({ code: "custom", message: "must be JSON" });
      return z.NEVER;
    }
  })
  .pipe(z.array(SourceSettingsSchema));
