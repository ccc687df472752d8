import { randomUUID } from "node:crypto";
import { type Export, type ExportRequest, ExportSchema } from "../../lambdas/common/core/contract/exports/export.ts";
import type { ExportFormat, ExportRowState } from "../../lambdas/common/core/exports/export-job.ts";
import { CliError, EXIT } from "../cli-error.ts";
import type { Io } from "../output/io.ts";
import { lineShower } from "../output/line-shower.ts";
import { saveDownload } from "../output/save-download.ts";
import type { ApiClient } from "./api-client.ts";
import { inPath } from "./in-path.ts";
import { jsonBody } from "./json-body.ts";
import { pause } from "./poll.ts";

/** What is said of an export: not its address, which is as good as a password for an hour. */
export const ExportFactsSchema = ExportSchema.omit({
  download_url: true,
  expires_at: true,
  row_state: true,
  created_at: true,
});

/** What is to be in an export. */
export interface ExportChoice {
  readonly format: ExportFormat;
  readonly state?: ExportRowState | undefined;
  readonly public?: boolean | undefined;
}

/** Has an export of a catalog written. */
export const beginExport = (api: ApiClient, catalogId: string, options: ExportChoice): Promise<Export> =>
  api.call({
    method: "POST",
    path: `/catalogs/${inPath(catalogId)}/exports`,
    ...jsonBody({ format: options.format, state: options.state, public: options.public } satisfies ExportRequest, {
      "idempotency-key": randomUUID(),
    }),
    answer: ExportSchema,
  });

/** Reads how far an export is; its address is in it once it is ready. */
export const readExport = (api: ApiClient, exportId: string): Promise<Export> =>
  api.call({ path: `/exports/${inPath(exportId)}`, answer: ExportSchema });

const progress = ({ state, rows_read, total_rows }: Export): string => {
  const share = state === "ready" || total_rows === 0 ? 100 : Math.floor((rows_read / total_rows) * 100);
  return `export ${state}  ${share}%  ${rows_read}/${total_rows} rows`;
};

/**
 * Shows progress on stderr until the export is written or failed.
 * @throws CliError INTERRUPTED when the user leaves
 */
const waitForExport = async (io: Io, api: ApiClient, begun: Export): Promise<Export> => {
  const show = lineShower(io);
  for (let current = begun; ; current = await readExport(api, begun.export_id)) {
    show(progress(current));
    const isOpen = current.state === "queued" || current.state === "running";
    if (!isOpen && io.live) io.err("\n");
    if (!isOpen && (current.state === "failed" || current.download_url !== null)) return current;
    await pause(io);
    if (io.interrupted.aborted) {
      if (io.live) io.err("\n");
      throw new CliError(
        EXIT.INTERRUPTED,
        `The export continues without this window. Fetch it with: enrichline export ${begun.export_id}`,
      );
    }
  }
};

/**
 * Waits for an export and saves it in a file.
 * @returns the export as it then is, and the file's size
 * @throws CliError UNAVAILABLE when it failed, INTERRUPTED when the user leaves, and as `saveDownload`
 */
export const fetchExport = async (
  io: Io,
  api: ApiClient,
  begun: Export,
  file: string,
): Promise<{ readonly done: Export; readonly bytes: number }> => {
  const done = await waitForExport(io, api, begun);
  if (done.download_url === null) throw new CliError(EXIT.UNAVAILABLE, done.failure ?? "The export failed.");
  return { done, bytes: await saveDownload(io, done.download_url, file) };
};
