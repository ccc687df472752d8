import { writeFile } from "node:fs/promises";
import type { Command } from "commander";
import { CliError, EXIT } from "../../cli-error.ts";
import { formatTable } from "../../output/format-table.ts";
import { licenceHtml, licenceMarkdown, licenceTables } from "../../output/licence-page.ts";
import { whatIsThere } from "../../output/save-download.ts";
import { type CommonOptions, printJson, type RunCommand } from "../../run-command.ts";
import { countContent, readReport } from "./count-content.ts";

interface ReportOptions extends CommonOptions {
  readonly count?: boolean;
  readonly out?: string;
  readonly force?: boolean;
}

/** By the end of a file's name, how the page is written. */
const PAGES = { ".html": licenceHtml, ".md": licenceMarkdown } as const;

const pageFor = (file: string) => {
  const found = Object.entries(PAGES).find(([end]) => file.toLowerCase().endsWith(end));
  if (!found) throw new CliError(EXIT.USAGE, `"${file}" must end in .html or .md.`);
  return found[1];
};

/** Adds `licence report`. */
export const addReport = (licence: Command, run: RunCommand): void => {
  licence
    .command("report")
    .description("what is held of each source, what ends when, and what was removed; dated")
    .option("--count", "count what is held anew first; else the last daily count is shown")
    .option("-o, --out <file>", "write it as a page: .html or .md")
    .option("--force", "replace the file if it is there")
    .action(async (_: unknown, command: Command) => {
      const options = command.optsWithGlobals<ReportOptions>();
      await run(options, async ({ io, api, json }) => {
        const { out } = options;
        const page = out === undefined ? undefined : pageFor(out);
        if (out !== undefined && !options.force && (await whatIsThere(out)) !== "nothing") {
          throw new CliError(EXIT.USAGE, `${out} is there already: name another file, or use --force.`);
        }
        const report = options.count ? await countContent({ io, api }) : await readReport({ api });
        if (out !== undefined && page !== undefined) {
          await writeFile(out, page(report)).catch((error: unknown) => {
            throw new CliError(EXIT.USAGE, `${out} cannot be written: ${String(error)}`, { cause: error });
          });
          io.err(`Written to ${out}\n`);
        }
        if (json) printJson(io, report);
        else if (out === undefined) {
          const held = report.counted_at === null ? "not counted yet; use --count" : `counted at ${report.counted_at}`;
          io.out(`Licence report of stage ${report.stage}, ${report.generated_at}. What is held: ${held}.\n`);
          for (const { title, header, rows } of licenceTables(report)) {
            io.out(`\n${title}\n${rows.length === 0 ? "nothing\n" : formatTable(header, rows)}`);
          }
        }
        return EXIT.OK;
      });
    });
};
