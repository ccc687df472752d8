import type { Command } from "commander";
import { EXIT, type ExitCode } from "../../cli-error.ts";
import { type CommonOptions, printJson, type RunCommand, type Session } from "../../run-command.ts";
import { readCatalogRow } from "../../upload/reading-report.ts";
import { readRejected, rejectedTable } from "../../upload/rejected-rows.ts";
import { cursorOption, limitOption, moreHint } from "../page-options.ts";

interface RejectedOptions extends CommonOptions {
  readonly limit: string;
  readonly cursor?: string;
}

/** An empty list has several meanings. */
const wordsForNone = async ({ api }: Session, id: string): Promise<string> => {
  const { state, failure } = await readCatalogRow(api, id);
  if (state === "awaiting_upload") return "The file has not arrived yet, so no row is judged.\n";
  if (state === "ingesting") return "The file is still being read. Ask again when enrichline status says it is done.\n";
  if (state === "ingest_failed") return `The file could not be read, so no row is judged: ${failure ?? "unknown"}\n`;
  return "No rejected rows.\n";
};

const list = async (session: Session, id: string, options: RejectedOptions): Promise<ExitCode> => {
  const { io, api, json } = session;
  const page = await readRejected(api, id, options);
  if (json) printJson(io, page);
  else if (page.items.length > 0) io.out(rejectedTable(page.items));
  else io.out(options.cursor === undefined ? await wordsForNone(session, id) : "No further rows.\n");
  if (!json) io.err(moreHint(page.next_cursor));
  return EXIT.OK;
};

/** Adds `rejected CATALOG`. */
export const addRejected = (program: Command, run: RunCommand): void => {
  program
    .command("rejected")
    .description("list the rows of a catalog's file that were not accepted, with line, value and reason")
    .argument("<catalog>", "its id, as enrichline catalogs lists it")
    .addOption(limitOption())
    .addOption(cursorOption())
    .action(async (id: string, _: unknown, command: Command) => {
      const options = command.optsWithGlobals<RejectedOptions>();
      await run(options, (session) => list(session, id, options));
    });
};
