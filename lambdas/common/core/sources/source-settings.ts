import * as z from "zod";
import { isDayZone } from "../limiter/day/day-zone.ts";
import { SourceIdSchema } from "../source-ids.ts";
import { jsonText } from "../text/json-text.ts";

/** What a source gives only on request of a stage, because it costs more. Only Keepa has such extras. */
const SOURCE_EXTRAS = ["rating", "buybox", "history"] as const;

/**
 * Product pages are read one at a time, and each request ends before the next slot time. With less than five seconds
 * for a page of up to 3 MB, most requests would be cut off.
 */
const MAX_PAGES_PER_SECOND = 0.2;

/** A stage's settings of one source. */
export const SourceSettingsSchema = z
  .object({
    id: SourceIdSchema,
    /** Calls per second that the account is allowed; absent: the source's own default. */
    calls_per_second: z.number().positive().optional(),
    /** Units (calls, tokens) a day; null: no daily limit; absent: the source's own default. */
    units_per_day: z.number().int().positive().nullable().optional(),
    /**
     * Zone in which the source counts its days, where it states one: IANA name or UTC offset (`+02:00`). Counts only
     * with a daily limit. @default a rolling 24 h
     */
    day_zone: z
      .string()
      .refine(isDayZone, "is no time zone: use a name such as America/Los_Angeles or an offset such as +02:00")
      .optional(),
    /** Part of the allowance that Enrichline may use, 0 to 1; the rest is left to the owner's other tools. */
    allowance_share: z.number().gt(0).max(1).default(1),
    /** Seconds for which a look-up takes from the table what the source gave; absent: the source's own. */
    cache_seconds: z.number().int().min(0).max(86_400).optional(),
    /** Address overrides by name, such as `{api, token}`; none: the real upstream. */
    endpoints: z.record(z.string(), z.url()).default({}),
    /** Keepa: stars and number of reviews, up to a token more a product. @default false */
    rating: z.boolean().optional(),
    /** Keepa: the buy box beside Amazon's own and the lowest new offer, two tokens more a product. @default false */
    buybox: z.boolean().optional(),
    /** Keepa: the whole history, free of tokens but a hundred times the bytes, kept in the raw answers. @default false */
    history: z.boolean().optional(),
  })
  .superRefine(({ id, calls_per_second = 0 }, context) => {
    if (id !== "product-page" || calls_per_second <= MAX_PAGES_PER_SECOND) return;
    const message = `pages are read one at a time, and one takes up to ${1 / MAX_PAGES_PER_SECOND} s: set ${MAX_PAGES_PER_SECOND} or less`;
    context.addIssue({ code: "custom", path: ["calls_per_second"], message });
  })
  .superRefine((settings, context) => {
    if (settings.id === "keepa") return;
    for (const extra of SOURCE_EXTRAS) {
      if (settings[extra] === undefined) continue;
      context.addIssue({ code: "custom", path: [extra], message: `only keepa has it: remove it from ${settings.id}` });
    }
  });
export type SourceSettings = z.infer<typeof SourceSettingsSchema>;

/** The extras that a stage requests of a source; absent ones are not requested. */
export type SourceExtras = Pick<SourceSettings, (typeof SOURCE_EXTRAS)[number]>;

/** The enabled sources in the order in which they are asked, as JSON in an environment variable. */
export const SourcesJsonSchema = jsonText(z.array(SourceSettingsSchema));
