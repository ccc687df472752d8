import fc from "fast-check";
import { expect, it } from "vitest";
import { CatalogFileRowSchema } from "../../../../../lambdas/common/core/catalogs/ingest/catalog-files.ts";
import { ValidationError } from "../../../../../lambdas/common/core/errors.ts";
import { ingestCatalog } from "../../../../../lambdas/common/services/ingest/ingest-catalog.ts";
import { type DamagedTable, damagedTable } from "../../../../helpers/documents/damaged-table.ts";
import { MemorySink } from "../../../../helpers/memory/memory-sink.ts";
import { testRuns } from "../../../../helpers/test-runs.ts";
import { testSeed } from "../../../../helpers/test-seed.ts";
import { catalogInput, chunksOf } from "../../../../helpers/uploads/catalog-input.ts";

/** What the query of an address carries. */
const CARRIED = "B0QUERY001";
const SEED = testSeed("no product vanishes from a damaged table", 20_261_130);
const RUNS = testRuns(400);
const TIMEOUT_MS = 20_000 + RUNS * 100;

const ingest = async ({ text, chunk }: DamagedTable) => {
  const sink = new MemorySink();
  const report = await ingestCatalog(catalogInput("", { body: chunksOf(text, chunk) }), sink).catch(
    (error: unknown) => {
      // A file that is refused as a whole says so.
      if (error instanceof ValidationError) return undefined;
      throw error;
    },
  );
  if (!report) return undefined;
  const rows = sink.lines("rows.ndjson").map((line) => CatalogFileRowSchema.parse(JSON.parse(line)));
  const rejects = sink
    .lines("rejects.ndjson")
    .map((line): { line: number; value: string; reason: string } => JSON.parse(line));
  return { report, rows, rejects };
};

/** What a damaged table names and the report does not. */
const lostOf = async (table: DamagedTable): Promise<unknown[]> => {
  const made = await ingest(table);
  if (!made) return [];
  const { report, rows, rejects } = made;
  const read = new Set(rows.flatMap(({ product_key }) => product_key?.split("#")[1] ?? []));
  const words = rejects.map(({ value, reason }) => `${value} ${reason}`.toUpperCase()).join("\n");
  const noted = report.notes.map((note) => /^The column "(.*)" names other products/.exec(note)?.[1]);
  const notesOthers = report.notes.some((note) => note.includes("names another product"));
  // In a column that is not read, a note names it with its column.
  const isNoted = (asin: string): boolean =>
    (asin === CARRIED && notesOthers) ||
    rows.some(({ cells }) =>
      cells.some((cell, column) => noted.includes(report.columns[column]) && cell.toUpperCase().includes(asin)),
    );
  const lost = table.whole.filter(({ asin }) => !read.has(asin) && !words.includes(asin) && !isNoted(asin));
  const unsaid = table.torn.filter(
    ([first, last]) =>
      !rows.some(({ line, cells }) => line <= last && line + cells.join("").split(/\r\n|\r|\n/).length > first) &&
      !/lines? (?:is|are) above/.test(report.notes.join(" ")) &&
      !report.columns.some((name) => /[\r\n]/.test(name)),
  );
  return [...lost, ...unsaid];
};

it(
  "names every product of a damaged table: read, or in a rejected row, and the line of one that is torn apart",
  async () => {
    await fc.assert(
      fc.asyncProperty(damagedTable(2), async (table) => {
        expect(await lostOf(table), table.text).toEqual([]);
      }),
      { seed: SEED, numRuns: RUNS },
    );
  },
  TIMEOUT_MS,
);
