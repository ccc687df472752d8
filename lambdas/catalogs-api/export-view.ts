import {
  ExportFormatSchema,
  type ExportJob,
  ExportRowStateSchema,
  ExportStateSchema,
} from "../core/exports/export-job.ts";
import * as z from "../platform/http/openapi-zod.ts";

const Count = z.number().int().min(0);

/** One export as its owner sees it. */
export const ExportViewSchema = z
  .object({
    export_id: z.string(),
    catalog_id: z.string(),
    format: ExportFormatSchema,
    /** Only rows of this state are in it; null: all. */
    row_state: ExportRowStateSchema.nullable(),
    state: ExportStateSchema,
    /** Rows of the catalog that were looked at so far. */
    rows_read: Count,
    /** Rows in the file so far. */
    rows_written: Count,
    /** Rows of the catalog: distinct products, duplicates and rejects. */
    total_rows: Count,
    file_name: z.string(),
    /** Fetch it with a plain GET, without a token; null until the export is ready. */
    download_url: z.string().nullable(),
    /** End of `download_url`; ask again for a new one, for 30 days. */
    expires_at: z.iso.datetime().nullable(),
    /** Why it failed; null otherwise. */
    failure: z.string().nullable(),
    created_at: z.iso.datetime(),
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
