import { basename, join } from "node:path";
import { type Command, Option } from "commander";
import {
  ExportFormatSchema,
  ExportIdSchema,
  ExportRowStateSchema,
} from "../../../lambdas/common/core/exports/export-job.ts";
import {
  beginExport,
  type ExportChoice,
  ExportFactsSchema,
  fetchExport,
  readExport,
} from "../../api/catalog-export.ts";
import { CliError, EXIT, type ExitCode } from "../../cli-error.ts";
import { whatIsThere } from "../../output/save-download.ts";
import { type CommonOptions, printJson, type RunCommand, type Session } from "../../run-command.ts";

interface ExportOptions extends CommonOptions, ExportChoice {
  readonly output?: string;
}

/** The file to write. One that the user did not name himself is never replaced. */
const fileFor = async (output: string | undefined, suggested: string): Promise<string> => {
  if (output !== undefined && (await whatIsThere(output)) !== "folder") return output;
  // Only the last part: a name from the network must not choose the folder.
  const file = join(output ?? "", basename(suggested));
  if ((await whatIsThere(file)) === "nothing") return file;
  throw new CliError(EXIT.USAGE, `${file} is there already. Name the file with -o, which may replace one.`);
};

const runExport = async ({ io, api, json }: Session, id: string, options: ExportOptions): Promise<ExitCode> => {
  const begun = ExportIdSchema.safeParse(id).success ? await readExport(api, id) : await beginExport(api, id, options);
  const file = await fileFor(options.output, begun.file_name);
  const { done, bytes } = await fetchExport(io, api, begun, file);
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
