import * as z from "zod";
import { HeldContentSchema } from "../../licences/revocations/census.ts";
import { SourceLicenceSchema } from "./licences.ts";
import { RevocationViewSchema } from "./revocation.ts";

const Count = z.number().int().min(0);

/** Answer of `POST /licences/report`. */
export const CountRequestedSchema = z
  .object({ requested_at: z.iso.datetime().describe("`counted_at` of the report is later than this once it is made.") })
  .meta({ id: "LicenceCountRequested" });

/** Answer of `GET /licences/report`. */
export const LicenceReportSchema = z
  .object({
    stage: z.string().describe("The stage."),
    generated_at: z.iso.datetime().describe("When this was read."),
    counted_at: z.iso
      .datetime()
      .nullable()
      .describe("When the count behind `held` was finished; null: none was made yet."),
    counting: z
      .object({
        started_at: z.iso.datetime().nullable().describe("When the count under way began; null: within a minute."),
        products_read: Count.describe("Products looked through so far."),
      })
      .nullable()
      .describe("A count that is asked for or under way; null: none."),
    products_read: Count.describe("Stored products when they were counted."),
    sources: z
      .array(
        SourceLicenceSchema.extend({
          held: HeldContentSchema.nullable().describe("What is stored of it; null: not counted yet."),
          swept: z
            .object({
              fields: Count.describe("Fields of stored products."),
              raw_answers: Count.describe("Raw answers."),
              since: z.iso.datetime().nullable().describe("First removal; null: none yet."),
            })
            .describe("What was removed because its licence ended."),
          revocations: z.array(RevocationViewSchema).describe("Its revocations, the youngest first."),
        }),
      )
      .describe("All sources."),
    swept_exports: Count.describe("Files of exports that were removed because a field in them ended."),
  })
  .meta({ id: "LicenceReport" });
export type LicenceReport = z.infer<typeof LicenceReportSchema>;
