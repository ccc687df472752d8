import * as z from "zod";
import { ExportFormatSchema, ExportJobSchema, ExportRowStateSchema } from "../../exports/export-job.ts";

const job = ExportJobSchema.shape;

/** Body of `POST /catalogs/{id}/exports`. */
export const ExportRequestSchema = z
  .strictObject({
    format: ExportFormatSchema.describe("`csv` for spreadsheets, `jsonl` (one object a line) for programs."),
    state: ExportRowStateSchema.optional().describe("Only rows of this state; absent: all rows."),
    public: z
      .boolean()
      .optional()
      .describe("true: without the fields that may not stand on a public site; absent: all fields."),
  })
  .meta({ id: "ExportRequest" });
export type ExportRequest = z.infer<typeof ExportRequestSchema>;

/** One export as its owner sees it. */
export const ExportSchema = z
  .object({
    export_id: z.string().describe("Id of the export: `exp_` and 16 characters."),
    catalog_id: job.catalog_id.describe("The catalog that is exported."),
    format: job.format.describe("Form of the file."),
    row_state: job.row_state.describe("Only rows of this state are in it; null: all."),
    public: z.boolean().describe("Whether the fields that may not stand on a public site are left out."),
    state: job.state.describe("State of the export."),
    rows_read: job.rows_read.describe("Rows of the catalog that were looked at so far."),
    rows_written: job.rows_written.describe("Rows in the file so far."),
    total_rows: job.total_rows.describe("Rows of the catalog: distinct products, duplicates and rejects."),
    file_name: job.file_name.describe("Name under which a browser saves the file."),
    download_url: z
      .string()
      .nullable()
      .describe("Fetch it with a plain GET, without a token; null until the export is ready."),
    expires_at: z.iso
      .datetime()
      .nullable()
      .describe(
        "End of `download_url`, an hour ahead at most and never after `valid_until`; ask again for a new one, for 30 days.",
      ),
    valid_until: z.iso
      .datetime()
      .nullable()
      .describe(
        "When the first field in the file ends by the licence of its source. From then on the call answers 410: ask for a new export. Null: not ready, or nothing in it ends.",
      ),
    failure: job.failure.describe("Why it failed; null otherwise."),
    created_at: job.created_at.describe("When it was asked for."),
  })
  .meta({ id: "Export" });
export type Export = z.infer<typeof ExportSchema>;
