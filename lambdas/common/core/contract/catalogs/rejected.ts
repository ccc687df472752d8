import * as z from "zod";
import { RejectedRowSchema as RejectedLineSchema } from "../../catalogs/ingest/catalog-files.ts";

/** One row that was not accepted, as its line in the file of rejects. */
export const RejectedRowSchema = RejectedLineSchema.meta({ id: "RejectedRow" });
export type RejectedRow = z.infer<typeof RejectedRowSchema>;

/** Most rejected rows in a report; the others are on `GET /catalogs/{id}/rejected`. */
export const MAX_REJECTED_ROWS = 100;

/** Rejected rows of an upload: how many, and the first of them. */
export const RejectedSchema = z.object({
  count: z.number().int().min(0).describe("Rows that were not accepted."),
  rows: z
    .array(RejectedRowSchema)
    .max(MAX_REJECTED_ROWS)
    .describe("The first 100 of them; the others are on `GET /catalogs/{id}/rejected`."),
});
export type Rejected = z.infer<typeof RejectedSchema>;
