import * as z from "zod";
import { MarketplaceSchema } from "../../products/marketplaces.ts";
import { SourceIdSchema } from "../../source-ids.ts";
import { SourceStateSchema } from "../../sources/source-states.ts";

/** Body of `POST /operations/probes`: the source to check. */
export const ProbeSchema = z
  .strictObject({
    source: SourceIdSchema.describe("The source to check."),
    marketplace: MarketplaceSchema.optional().describe(
      "Shop to ask, in any of its names, such as www.amazon.de or DE; absent: the first that the credentials serve.",
    ),
  })
  .meta({ id: "Probe" });
/** As a client writes it. */
export type Probe = z.input<typeof ProbeSchema>;

/** The steps of a check, in order. One that fails ends it; one that a source does not have is left out. */
export const CHECK_NAMES = ["credentials shape", "token", "one call"] as const;

/** What `POST /operations/probes` found out about one source. Never carries any part of a secret. */
export const SourceCheckSchema = z
  .object({
    source: SourceIdSchema.describe("The source that was checked."),
    state: SourceStateSchema.describe("State of the source after the check."),
    ok: z.boolean().describe("Whether it answered a call."),
    reason: z.string().describe("What was found, in plain words."),
    next_step: z.string().describe("What to do next; empty when all is well."),
    marketplace: z
      .string()
      .nullable()
      .describe("Shop that was asked, such as www.amazon.de; null when it did not come to that."),
    checks: z
      .array(
        z.object({
          name: z.enum(CHECK_NAMES).describe("The step."),
          ok: z.boolean().describe("Whether it passed."),
          detail: z.string().describe("What it found, in plain words."),
        }),
      )
      .describe("The steps in order; one that fails ends the check."),
  })
  .meta({ id: "SourceCheck" });
export type SourceCheck = z.infer<typeof SourceCheckSchema>;
