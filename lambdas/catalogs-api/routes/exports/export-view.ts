import {
  ExportFormatSchema,
  type ExportJob,
  ExportRowStateSchema,
  ExportStateSchema,
} from "../../../core/exports/export-job.ts";
import * as z from "../../../platform/http/openapi-zod.ts";

const Count = z.number().int().min(0);

/** One export as its owner sees it. */
export const ExportViewSchema = z
  .object({
    export_id: z.string().describe("Id of the export: `exp_` and 16 characters."),
    catalog_id: z.string().describe("The catalog that is exported."),
    format: ExportFormatSchema.describe("Form of the file."),
    row_state: ExportRowStateSchema.nullable().describe("Only rows of this state are in it; null: all."),
    state: ExportStateSchema.describe("Where the export stands."),
    rows_read: Count.describe("Rows of the catalog that were looked at so far."),
    rows_written: Count.describe("Rows in the file so far."),
    total_rows: Count.describe("Rows of the catalog: distinct products, duplicates and rejects."),
    file_name: z.string().describe("Name under which a browser saves the file."),
    download_url: z
      .string()
      .nullable()
      .describe("Fetch it with a plain GET, without a token; null until the export is ready."),
    expires_at: z.iso
      .datetime()
      .nullable()
      .describe("End of `download_url`, an hour ahead; ask again for a new one, for 30 days."),
    failure: z.string().nullable().describe("Why it failed; null otherwise."),
    created_at: z.iso.datetime().describe("When it was asked for."),
  })
  .openapi("Export");
export type ExportView = z.infer<typeof ExportViewSchema>;

/** Where a ready export can be fetched, and until when. */
export interface ExportDownload {
  readonly url: string;
  readonly expires_at: string;
}

/** Shows an export without owner, object key or checkpoint. */
export const exportView = (job: ExportJob, download: ExportDownload | undefined): ExportView => ({
  export_id: job.export_id,
  catalog_id: job.catalog_id,
  format: job.format,
  row_state: job.row_state,
  state: job.state,
  rows_read: job.rows_read,
  rows_written: job.rows_written,
  total_rows: job.total_rows,
  file_name: job.file_name,
  download_url: download?.url ?? null,
  expires_at: download?.expires_at ?? null,
  failure: job.failure,
  created_at: job.created_at,
});
