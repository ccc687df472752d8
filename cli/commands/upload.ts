import { randomUUID } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { basename, extname } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { REQUEST_LIMITS } from "../../lambdas/core/ingest/ingest-limits.ts";
import { SOURCE_IDS } from "../../lambdas/core/source-ids.ts";
import { CliError, EXIT, type ExitCode } from "../cli-error.ts";
import { exitCodeOfRun, printStatus } from "../print-status.ts";
import { type CommonOptions, printJson, type RunCommand, type Session } from "../run-command.ts";
import { dryRunLarge, type LargeFile, uploadLarge } from "../upload-large.ts";
import { printReport, type UploadReport, UploadReportSchema } from "../upload-report.ts";
import { watchRun } from "../watch-run.ts";

interface UploadOptions extends CommonOptions {
  readonly marketplace?: string;
  readonly name?: string;
  readonly dryRun?: boolean;
  readonly provider?: string;
  readonly fallback: boolean;
  readonly force?: boolean;
  readonly batchSize?: string;
  readonly wait: boolean;
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ".csv": "text/csv",
  ".tsv": "text/tab-separated-values",
  ".json": "application/json",
  ".ndjson": "application/x-ndjson",
  ".jsonl": "application/x-ndjson",
};
const SPREADSHEETS = [".xlsx", ".xls", ".ods", ".numbers"];

/** Codes of refusals that a presigned upload does not meet. */
const TOO_LARGE = ["too_many_rows", "catalog_too_large"];

/** @returns the file's size, bytes */
const sizeOf = async (file: string): Promise<number> => {
  if (SPREADSHEETS.includes(extname(file).toLowerCase())) {
    throw new CliError(EXIT.USAGE, `${file} is a spreadsheet: save the sheet as CSV (UTF-8) and upload that file.`);
  }
  const found = await stat(file).catch((error: unknown) => {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    throw new CliError(EXIT.USAGE, `${code === "ENOENT" ? "There is no file" : "Cannot read"} ${file}`, {
      cause: error,
    });
  });
  if (found.isDirectory()) throw new CliError(EXIT.USAGE, `This is a folder, not a file: ${file}`);
  return found.size;
};

const readCatalog = async (file: string): Promise<Uint8Array<ArrayBuffer>> =>
  Uint8Array.from(
    await readFile(file).catch((error: unknown) => {
      throw new CliError(EXIT.USAGE, `Cannot read ${file}`, { cause: error });
    }),
  );

const send = (
  { api }: Session,
  file: string,
  body: Uint8Array<ArrayBuffer>,
  options: UploadOptions,
): Promise<UploadReport> =>
  api.call({
    method: "POST",
    path: "/catalogs",
    query: {
      name: options.name ?? basename(file),
      marketplace: options.marketplace,
      provider: options.provider,
      fallback: options.fallback ? undefined : "false",
      force: options.force ? "true" : undefined,
      batch_size: options.batchSize,
      dry_run: options.dryRun ? "true" : undefined,
    },
    body,
    headers: {
      "content-type": CONTENT_TYPES[extname(file).toLowerCase()] ?? "text/plain",
      "idempotency-key": randomUUID(),
    },
    answer: UploadReportSchema,
  });

const largeFile = (path: string, bytes: number, options: UploadOptions): LargeFile => {
  const { batchSize } = options;
  return {
    path,
    bytes,
    order: {
      name: options.name ?? basename(path),
      file_name: basename(path),
      content_type: CONTENT_TYPES[extname(path).toLowerCase()] ?? "text/plain",
      marketplace: options.marketplace,
      provider: options.provider,
      fallback: options.fallback,
      force: options.force ?? false,
      batch_size: batchSize === undefined || batchSize === "auto" ? batchSize : Number(batchSize),
    },
  };
};

/** The report, or the id of a catalog whose file is still to be read. */
const sendAny = async (session: Session, file: string, options: UploadOptions): Promise<UploadReport | string> => {
  const bytes = await sizeOf(file);
  if (bytes <= REQUEST_LIMITS.bytes) {
    try {
      return await send(session, file, await readCatalog(file), options);
    } catch (error) {
      if (!(error instanceof CliError && TOO_LARGE.includes(String(error.problem?.code)))) throw error;
    }
  }
  const large = largeFile(file, bytes, options);
  return options.dryRun ? dryRunLarge(session, large) : uploadLarge(session, large);
};

const follow = async ({ io, api, json }: Session, id: string, report: UploadReport | null): Promise<ExitCode> => {
  const { status, interrupted } = await watchRun(io, api, id);
  if (json) printJson(io, { upload: report ?? { catalog_id: id }, status });
  if (interrupted) return EXIT.INTERRUPTED;
  if (!json) printStatus(io, status);
  return exitCodeOfRun(status);
};

const upload = async (session: Session, file: string, options: UploadOptions): Promise<ExitCode> => {
  const { io, json } = session;
  const report = await sendAny(session, file, options);
  if (typeof report === "string") {
    if (options.wait) return follow(session, report, null);
    if (json) printJson(io, { upload: { catalog_id: report }, status: null });
    else io.out(`Catalog ${report} is being read. Watch it with: enrichline watch ${report}\n`);
    return EXIT.OK;
  }
  const id = report.catalog_id;
  if (!json) printReport(io, report);
  if (id === null || report.tracking_id === null || !options.wait) {
    if (json) printJson(io, { upload: report, status: null });
    else if (id === null) io.out("Dry run: nothing was stored.\n");
    else io.out(`Catalog ${id} is under way. Watch it with: enrichline watch ${id}\n`);
    return EXIT.OK;
  }
  return follow(session, id, report);
};

const batchSize = (text: string): string => {
  if (text === "auto" || (/^\d{1,2}$/.test(text) && Number(text) >= 5 && Number(text) <= 50)) return text;
  throw new InvalidArgumentError("It must be 5 to 50, or auto.");
};

/** Adds `upload FILE`. */
export const addUpload = (program: Command, run: RunCommand): void => {
  program
    .command("upload")
    .description("upload a catalog (CSV, TSV, NDJSON or JSON) and watch it being enriched")
    .argument("<file>", "catalog with a column asin or url, or a bare list")
    .option("--marketplace <shop>", "shop of rows that name none, such as amazon.de")
    .option("--name <name>", "name of the catalog (default: the file's name)")
    .option("--dry-run", "judge and estimate only; nothing is stored")
    .addOption(new Option("--provider <source>", "source to ask first").choices([...SOURCE_IDS]))
    .option("--no-fallback", "ask no other source")
    .option("--force", "fetch products that are still fresh, too")
    .option("--batch-size <size>", "5 to 50, or auto", batchSize)
    .option("--no-wait", "return when the run has begun")
    .action(async (file: string, _: unknown, command: Command) => {
      const options = command.optsWithGlobals<UploadOptions>();
      await run(options, (session) => upload(session, file, options));
    });
};
