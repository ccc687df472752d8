import type { Export } from "../../../common/core/contract/exports/export.ts";
import type { ExportJob } from "../../../common/core/exports/export-job.ts";

/** Where a ready export can be fetched, and until when. */
export interface ExportDownload {
  readonly url: string;
  readonly expires_at: string;
}

/** The answer about an export, from its row; it names neither owner, object key nor checkpoint. */
export const exportView = (job: ExportJob, download: ExportDownload | undefined): Export => ({
  export_id: job.export_id,
  catalog_id: job.catalog_id,
  format: job.format,
  row_state: job.row_state,
  public: job.public ?? false,
  state: job.state,
  rows_read: job.rows_read,
  rows_written: job.rows_written,
  total_rows: job.total_rows,
  file_name: job.file_name,
  download_url: download?.url ?? null,
  expires_at: download?.expires_at ?? null,
  valid_until: job.valid_until ?? null,
  failure: job.failure,
  created_at: job.created_at,
});
