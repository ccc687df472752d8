import { readFile } from "node:fs/promises";
import { type Command, InvalidArgumentError } from "commander";
import { DEFAULT_MARKETPLACE, findMarketplace } from "../../lambdas/common/core/products/marketplaces.ts";
import { CliError, EXIT, type ExitCode } from "../cli-error.ts";
import { formatTable } from "../output/format-table.ts";
import type { Io } from "../output/io.ts";
import { wireNames } from "../output/wire-names.ts";
import { type CommonOptions, printJson, type RunWithoutTarget } from "../run-command.ts";

interface ParseOptions extends CommonOptions {
  readonly asin?: string;
  readonly marketplace: string;
}

const shop = (text: string): string => {
  const found = findMarketplace(text);
  if (found) return found.code;
  throw new InvalidArgumentError("It must be a shop, such as amazon.de.");
};

const asWords = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

const parse = async (io: Io, file: string, { asin, marketplace, json }: ParseOptions): Promise<ExitCode> => {
  const html = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new CliError(EXIT.NOT_FOUND, `${file} cannot be read: name a file with the HTML of a page.`, { cause });
  });
  const { readPage } = await import("../page/read-page.ts");
  const page = readPage(html, { asin: asin ?? null, marketplace });
  if (json) printJson(io, wireNames(page));
  else {
    io.out(`Kind      ${page.kind}\n`);
    const { kind, redirected, asin: shown } = page;
    if (kind !== "product") io.out("No product is read from such a page.\n");
    else {
      io.out(`Product   ${shown ?? "not named"}${redirected ? ", which is another one than asked for" : ""}\n`);
      if (page.priceFrom !== null) io.out(`Price     found in ${page.priceFrom}\n`);
      for (const note of page.notes) io.out(`Note      ${note}\n`);
      const rows = Object.entries(page.fields).map(([field, value]) => [field, asWords(value)]);
      io.out(rows.length === 0 ? "No field was found.\n" : `\n${formatTable(["field", "value"], rows)}`);
    }
  }
  return page.kind === "product" ? EXIT.OK : EXIT.SOME_FAILED;
};

/** Adds `page parse FILE`. */
export const addPage = (program: Command, run: RunWithoutTarget): void => {
  program
    .command("page")
    .description("saved product pages")
    .command("parse")
    .description("show what the parser of product pages sees in a saved page; asks nobody")
    .argument("<file>", "HTML of the page")
    .option("--asin <asin>", "the product that was asked for (default: not known)")
    .option("--marketplace <shop>", "shop of the page, such as amazon.de", shop, DEFAULT_MARKETPLACE)
    .action(async (file: string, _: unknown, command: Command) => {
      const options = command.optsWithGlobals<ParseOptions>();
      await run(options, (io) => parse(io, file, options));
    });
};
