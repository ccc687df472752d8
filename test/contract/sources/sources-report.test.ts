import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { generateSourcesReport, SOURCES_REPORT_FILE } from "../../../local/write-sources-report.ts";
import { fixtureFolder, haveFixtures } from "../../helpers/shared-fixtures.ts";

const written = readFileSync(SOURCES_REPORT_FILE, "utf8");
const cells = (line: string): string[] => line.split("|").map((cell) => cell.trim());
const lineOf = (start: string): string[] => cells(written.split("\n").find((line) => line.startsWith(start)) ?? "");

/** Answers that hold products, by source; all others are errors, tokens, models and parts of answers. */
const ANSWERS: Readonly<Record<string, RegExp>> = {
  "creators-api": /^(getitems|searchitems|getvariations)-/,
  paapi: /^(getitems|searchitems|getvariations)-/,
  "sp-api": /^(getCatalogItem|searchCatalogItems|getItemOffersBatch)-200/,
  keepa: /^product-/,
  "product-pages": /^(?!err-).*\.html\.gz$/,
  // One page of this folder is none of a product.
  "product-pages-2": /^(?!.*-elon-).*\.html\.gz$/,
};

describe.skipIf(!haveFixtures("product-pages") || !haveFixtures("product-pages-2"))("docs/sources-report.md", () => {
  it("is what the sources read today; run `npm run sources:report` when this fails", async () => {
    expect(written).toBe(await generateSourcesReport());
  });

  it.each(Object.entries(ANSWERS))("counts every recorded answer of %s", (folder, pattern) => {
    const files = readdirSync(fixtureFolder(folder)).filter((file) => pattern.test(file));
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) expect(written).toContain(`| ${file.replace(/\.(json|html\.gz)$/, "")} `);
  });

  it("counts the variants of the sources that give them by a call of their own", () => {
    const sources = lineOf("| field ");
    const counts = lineOf("| variants ");
    for (const source of ["creators-api", "paapi"]) {
      expect(counts[sources.indexOf(source)]).toMatch(/^[1-9]\d*\/[1-9]\d*$/);
    }
  });
});
