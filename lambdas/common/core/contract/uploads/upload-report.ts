import * as z from "zod";
import { RejectedSchema } from "../catalogs/rejected.ts";
import { orNull } from "../or-null.ts";
import { EstimateSchema } from "../runs/estimate.ts";

/** What the user should know about how a file was read, in sentences; answers from before it was added lack it. */
export const NotesSchema = z
  .array(z.string())
  .default([])
  .describe(
    "How the file was read where that is not obvious: a guessed encoding, quotes taken as text, lines above the header, columns that named shops.",
  );

const Count = z.number().int().min(0);

/** Answer to an upload and to `enrich`. */
export const UploadReportSchema = z
  .object({
    message: z.string().describe("What was done, in words."),
    catalog_id: z.string().nullable().describe("The new catalog; null on a dry run."),
    tracking_id: z.string().nullable().describe("The run; null when none was started."),
    total_products: Count.describe("Distinct products."),
    total_batches: Count.describe("Batches that a run cuts them into."),
    batch_size: z.number().int().describe("Products a batch, 5 to 50."),
    duplicates: Count.describe("Rows dropped because their product was there already."),
    rejected: RejectedSchema.describe("Rows that were not accepted."),
    notes: NotesSchema,
    estimate: orNull(
      EstimateSchema,
      "What enriching takes: calls, time, money; null when no configured source serves these products.",
    ),
  })
  .meta({ id: "UploadReport" });
export type UploadReport = z.infer<typeof UploadReportSchema>;
