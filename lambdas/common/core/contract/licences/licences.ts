import * as z from "zod";
import { type Acknowledgements, LIFTABLE_RULES } from "../../licences/acknowledgements.ts";
import { LicenceSchema } from "../../licences/licence.ts";
import type { LicenceBook } from "../../licences/licence-book.ts";
import { SOURCE_IDS, type SourceId, SourceIdSchema } from "../../source-ids.ts";

const AcknowledgementSchema = z.object({
  rule: z.enum(LIFTABLE_RULES).describe("The rule of the licence that the owner of the stage lifts."),
  sentence: z.string().describe("Who agreed to it, and when, as the stage's settings say."),
});

/** What one source allows on this stage. */
export const SourceLicenceSchema = z
  .object({
    source: SourceIdSchema.describe("The source."),
    enabled: z.boolean().describe("Whether the stage asks it."),
    licence: LicenceSchema.describe("What holds on this stage, acknowledgements included."),
    acknowledgements: z.array(AcknowledgementSchema).describe("Rules that the owner lifts."),
    revocation_id: z
      .string()
      .nullable()
      .describe("The revocation that keeps it from being asked and shown; null: none."),
  })
  .meta({ id: "SourceLicence" });
export type SourceLicence = z.infer<typeof SourceLicenceSchema>;

/** Answer of `GET /licences`. */
export const LicencesSchema = z
  .object({ items: z.array(SourceLicenceSchema).describe("All sources, also those that the stage does not ask.") })
  .meta({ id: "Licences" });

/** What holds on a stage, source by source. */
export const sourceLicences = (
  book: LicenceBook,
  acknowledged: Acknowledgements,
  enabled: readonly SourceId[],
  inForce: readonly { readonly source: SourceId; readonly revocation_id: string }[],
): SourceLicence[] =>
  SOURCE_IDS.map((source) => ({
    source,
    enabled: enabled.includes(source),
    licence: book[source],
    acknowledgements: LIFTABLE_RULES.flatMap((rule) => {
      const sentence = acknowledged[source]?.[rule];
      return sentence === undefined ? [] : [{ rule, sentence }];
    }),
    revocation_id: inForce.find((one) => one.source === source)?.revocation_id ?? null,
  }));
