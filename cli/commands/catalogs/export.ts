import { randomUUID } from "node:crypto";
import { basename, join } from "node:path";
import { type Command, Option } from "commander";
import { type Export, type ExportRequest, ExportSchema } from "../../../lambdas/common/core/contract/exports/export.ts";
import {
  type ExportFormat,
  ExportFormatSchema,
  ExportIdSchema,
  type ExportRowState,
  ExportRowStateSchema,
} from "../../../lambdas/common/core/exports/export-job.ts";
import type { ApiClient } from "../../api/api-client.ts";
import { POLL_MS } from "../../api/poll.ts";
import { CliError, EXIT, type ExitCode } from "../../cli-error.ts";
import type { Io } from "../../output/io.ts";
import { REDRAW } from "../../output/progress-line.ts";
import { saveDownload, whatIsThere } from "../../output/save-download.ts";
import { type CommonOptions, printJson, type RunCommand, type Session } from "../../run-command.ts";

/** What `--json` says of an export: not its address, which is as good as a password for an hour. */
const ExportFactsSchema = ExportSchema.omit({
  download_url: true,
  expires_at: true,
  row_state: true,
  created_at: true,
});

interface ExportOptions extends CommonOptions {
  readonly format: ExportFormat;
  readonly state?: ExportRowState;
  readonly public?: boolean;
  readonly output?: string;
}

const begin = (api: ApiClient, catalogId: string, options: ExportOptions): Promise<Export> =>
  api.call({
    method: "POST",
    path: `/catalogs/${encodeURIComponent(catalogId)}/exports`,
    body: new TextEncoder().encode(
      JSON.stringify({
        format: options.format,
        state: options.state,
        public: options.public,
      } satisfies ExportRequest),
    ),
    headers: { "content-type": "application/json", "idempotency-key": randomUUID() },
    answer: ExportSchema,
  });

const readExport = (api: ApiClient, exportId: string): Promise<Export> =>
  api.call({ path: `/exports/${encodeURIComponent(exportId)}`, answer: ExportSchema });

const progress = ({ state, rows_read, total_rows }: Export): string => {
  const share = state === "ready" || total_rows === 0 ? 100 : Math.floor((rows_read / total_rows) * 100);
  return `export ${state}  ${share}%  ${rows_read}/${total_rows} rows`;
};

/** Shows progress on stderr until the export is written, failed or the user leaves. */
const waitFor = async (io: Io, api: ApiClient, begun: Export): Promise<Export> => {
  let shown = "";
  for (let current = begun; ; current = await readExport(api, begun.export_id)) {
    const line = progress(current);
    if (io.live) io.err(`${REDRAW}${line}`);
    else if (line !== shown) io.err(`${line}\n`);
    shown = line;
    const isOpen = current.state === "queued" || current.state === "running";
    if (!isOpen && io.live) io.err("\n");
    if (!isOpen && (current.state === "failed" || current.download_url !== null)) return current;
    await io.sleep(POLL_MS, io.interrupted).catch((error: unknown) => {
      if (!io.interrupted.aborted) throw error;
    });
    if (io.interrupted.aborted) {
      if (io.live) io.err("\n");
      throw new CliError(
        EXIT.INTERRUPTED,
        `The export continues without this window. Fetch it with: enrichline export ${begun.export_id}`,
      );
    }
  }
};

/** The file to write. One that the user did not name himself is never replaced. */
const fileFor = async (output: string | undefined, suggested: string): Promise<string> => {
  if (output !== undefined && (await whatIsThere(output)) !== "folder") return output;
  // Only the last part: a name from the network must not choose the folder.
  const file = join(output ?? "", basename(suggested));
  if ((await whatIsThere(file)) === "nothing") return file;
  throw new CliError(EXIT.USAGE, `${file} is there already. Name the file with -o, which may replace one.`);
};

const runExport = async ({ io, api, json }: Session, id: string, options: ExportOptions): Promise<ExitCode> => {
  const begun = ExportIdSchema.safeParse(id).success ? await readExport(api, id) : await begin(api, id, options);
  const file = await fileFor(options.output, begun.file_name);
  const done = await waitFor(io, api, begun);
  if (done.download_url === null) throw new CliError(EXIT.UNAVAILABLE, done.failure ?? "The export failed.");
  const bytes = await saveDownload(io, done.download_url, file);
  if (json) printJson(io, { ...ExportFactsSchema.parse(done), file, bytes });
  else {
    io.out(`${done.rows_written} rows in ${file} (${bytes} bytes)\n`);
    if (done.valid_until !== null)
      io.err(`Licences let its data be kept until ${done.valid_until}: delete the file then, or export again.\n`);
  }
  return EXIT.OK;
};

/** Adds `export ID`. */
export const addExport = (program: Command, run: RunCommand): void => {
  program
    .command("export")
    .description("write a catalog with its results to a file and fetch it")
    .argument("<id>", "catalog id, or the id of an export that was begun before")
    .addOption(
      new Option("--format <format>", "csv for spreadsheets, jsonl for programs")
        .choices(ExportFormatSchema.options)
        .default("csv"),
    )
    .addOption(new Option("--state <state>", "only rows of this state").choices(ExportRowStateSchema.options))
    .option("--public", "without the fields that may not stand on a public site")
    .option("-o, --output <file>", "file or folder to write to (default: here, with the catalog's name, state and day)")
    .action(async (id: string, _: unknown, command: Command) => {
      const options = command.optsWithGlobals<ExportOptions>();
      await run(options, (session) => runExport(session, id, options));
    });
};
