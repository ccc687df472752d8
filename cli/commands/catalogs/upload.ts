import { type Command, InvalidArgumentError, Option } from "commander";
import { encodingNamed, TEXT_ENCODINGS } from "../../../lambdas/common/core/catalogs/ingest/formats/text-encoding.ts";
import type { UploadReport } from "../../../lambdas/common/core/contract/uploads/upload-report.ts";
import { SOURCE_IDS } from "../../../lambdas/common/core/source-ids.ts";
import { watchRun } from "../../api/watch-run.ts";
import { EXIT, type ExitCode } from "../../cli-error.ts";
import { exitCodeOfRun, printStatus } from "../../output/print-status.ts";
import { type CommonOptions, printJson, type RunCommand, type Session } from "../../run-command.ts";
import { explainNoEstimate, type NoEstimate } from "../../upload/no-estimate.ts";
import { printReport } from "../../upload/print-report.ts";
import { printReading, readReading } from "../../upload/reading-report.ts";
import { type CatalogChoices, sendCatalog } from "../../upload/send-catalog.ts";

interface UploadOptions extends CommonOptions, CatalogChoices {
  readonly wait: boolean;
}

/** The first parts of the document that `--json` prints. */
interface Reported {
  readonly upload: UploadReport;
  /** Only where `upload.estimate` is null. */
  readonly no_estimate?: NoEstimate;
}

/** Follows a run to its end. `report` of a file that is still to be read comes when it has been read. */
const follow = async ({ io, api, json }: Session, id: string, report: Reported | null): Promise<ExitCode> => {
  let upload: unknown = report?.upload ?? { catalog_id: id };
  const { status, interrupted } = await watchRun(io, api, id, async () => {
    if (report) return;
    const reading = await readReading(api, id);
    upload = reading;
    if (!json) printReading(io, reading);
  });
  if (json) printJson(io, { ...report, upload, status });
  if (interrupted) return EXIT.INTERRUPTED;
  if (!json) printStatus(io, status);
  return exitCodeOfRun(status);
};

const upload = async (session: Session, file: string, options: UploadOptions): Promise<ExitCode> => {
  const { io, api, json } = session;
  const report = await sendCatalog(session, file, options);
  if (typeof report === "string") {
    if (options.wait) return follow(session, report, null);
    if (json) printJson(io, { upload: { catalog_id: report }, status: null });
    else {
      io.out(`Catalog ${report} is being read. Watch it with: enrichline watch ${report}\n`);
      io.out(`Rows that are not accepted are listed by: enrichline rejected ${report}\n`);
    }
    return EXIT.OK;
  }
  const id = report.catalog_id;
  const noEstimate = report.estimate ? null : await explainNoEstimate(api, options);
  const reported: Reported = { upload: report, ...(noEstimate ? { no_estimate: noEstimate } : {}) };
  if (!json) printReport(io, report, noEstimate);
  if (id === null || report.tracking_id === null || !options.wait) {
    if (json) printJson(io, { ...reported, status: null });
    else if (id === null) io.out("Dry run: nothing was stored.\n");
    else io.out(`Catalog ${id} is under way. Watch it with: enrichline watch ${id}\n`);
    return EXIT.OK;
  }
  return follow(session, id, reported);
};

const batchSize = (text: string): string => {
  if (text === "auto" || (/^\d{1,2}$/.test(text) && Number(text) >= 5 && Number(text) <= 50)) return text;
  throw new InvalidArgumentError("It must be 5 to 50, or auto.");
};

const encodingOption = (): Option =>
  new Option(
    "--encoding <name>",
    `encoding of the text: ${TEXT_ENCODINGS.join(", ")} (default: as the file's content says)`,
  ).argParser((label) => {
    const encoding = encodingNamed(label);
    if (encoding === undefined) throw new InvalidArgumentError(`It must be one of ${TEXT_ENCODINGS.join(", ")}.`);
    return encoding;
  });

/** Adds `upload FILE`. */
export const addUpload = (program: Command, run: RunCommand): void => {
  program
    .command("upload")
    .description("upload a catalog (CSV, TSV, NDJSON or JSON) and watch it being enriched; Ctrl-C leaves it going")
    .argument("<file>", "file with a column asin or url, or a bare list of ASINs")
    .option("--marketplace <shop>", "shop of the rows that name none, such as amazon.de (default: amazon.com)")
    .option("--name <name>", "name of the catalog (default: the file's name)")
    .option("--dry-run", "only say what the file holds and what it will take: calls, time, cost; stores nothing")
    .addOption(
      new Option("--provider <source>", "source to ask first (default: the stage's order)").choices([...SOURCE_IDS]),
    )
    .option("--no-fallback", "ask that source only; without --provider the first one only")
    .option("--force", "fetch products known from the last 24 hours again, too")
    .option("--batch-size <size>", "products a batch: 5 to 50, or auto (default: the stage's, usually 20)", batchSize)
    .option("--asin-column <name>", "column with the ASINs, when it is not called asin")
    .option("--url-column <name>", "column with the products' addresses, when it is not called url")
    .option("--marketplace-column <name>", "column with the shop, when it is not called marketplace")
    .option("--sku-column <name>", "column with your own product numbers, when it is not called sku")
    .addOption(encodingOption())
    .option("--no-wait", "do not watch the run: return when it has begun")
    .action(async (file: string, _: unknown, command: Command) => {
      const options = command.optsWithGlobals<UploadOptions>();
      await run(options, (session) => upload(session, file, options));
    });
};
