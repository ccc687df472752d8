import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { FIXTURES, recordedBodies } from "./write-sources-report/bodies.ts";
import { readBody, readPages } from "./write-sources-report/read-body.ts";
import { bodyTable, fieldTable, variationTable } from "./write-sources-report/tables.ts";

/** The written report. */
export const SOURCES_REPORT_FILE = join(import.meta.dirname, "../docs/sources-report.md");

/** Text of the report over the recorded upstream bodies, which must be there. */
export const generateSourcesReport = async (): Promise<string> => {
  const readings = [...(await Promise.all(recordedBodies().map(readBody))), ...readPages()];
  return [
    "# What each source gave",
    "",
    "Written by `npm run sources:report`, which lets each source's own code read the recorded upstream bodies: how many",
    "of their products have the field. `–`: the source cannot give it. A low figure may be the body's doing: many of the",
    "recorded calls asked for little more than the title. Creators API and PA-API give `variants` by a call of their",
    "own: there they are counted over the recorded pages of variations, not over products.",
    "",
    ...fieldTable(readings),
    "",
    "## Body by body",
    "",
    "Price and availability are those of the body's first product.",
    "",
    ...bodyTable(readings),
    "",
    "## Variations, page by page",
    "",
    "Some of these calls asked for neither images nor the parent.",
    "",
    ...variationTable(readings),
    "",
  ].join("\n");
};

if (import.meta.main) {
  if (existsSync(FIXTURES)) {
    const text = await generateSourcesReport();
    writeFileSync(SOURCES_REPORT_FILE, text);
    console.log(text);
  } else {
    console.error("../shared/fixtures is not there: there are no recorded bodies to report on, nothing was written");
    process.exitCode = 1;
  }
}
