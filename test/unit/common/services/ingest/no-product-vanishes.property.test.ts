import { isAscii } from "node:buffer";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CatalogFileRowSchema } from "../../../../../lambdas/common/core/catalogs/ingest/catalog-files.ts";
import type { TextEncoding } from "../../../../../lambdas/common/core/catalogs/ingest/formats/text-encoding.ts";
import { ValidationError } from "../../../../../lambdas/common/core/errors.ts";
import { ingestCatalog } from "../../../../../lambdas/common/services/ingest/ingest-catalog.ts";
import type { WrittenTable } from "../../../../helpers/documents/write-table.ts";
import { writtenTable } from "../../../../helpers/documents/written-table.ts";
import { MemorySink } from "../../../../helpers/memory/memory-sink.ts";
import { testRuns } from "../../../../helpers/test-runs.ts";
import { testSeed } from "../../../../helpers/test-seed.ts";
import { catalogInput, chunksOf } from "../../../../helpers/uploads/catalog-input.ts";
import { encodeText } from "../../../../helpers/uploads/encode-text.ts";

const SEED = testSeed("no product vanishes", 20_261_129);

const ingest = async (content: string | Uint8Array, chunk: number, encoding?: TextEncoding) => {
  const sink = new MemorySink();
  const report = await ingestCatalog(catalogInput("", { body: chunksOf(content, chunk) }), sink, { encoding });
  const rows = sink.lines("rows.ndjson").map((line) => CatalogFileRowSchema.parse(JSON.parse(line)));
  const rejects = sink
    .lines("rejects.ndjson")
    .map((line): { line: number; value: string; reason: string } => JSON.parse(line));
  return { report, rows, rejects };
};

/** Every product that was written is read, or a rejected row on its lines names it, or a note its column; and nothing is read that was not. */
const expectAll = async ({ text, products, chunk }: WrittenTable) => {
  const { report, rows, rejects } = await ingest(text, chunk);

  // A cell in quotes may hold line breaks: its row, and all products that are read of it, begin on an earlier line.
  const lastLines = new Map<number, number>();
  for (const { line, cells = [] } of rows) {
    const last = line + cells.join("").split("\n").length - 1;
    lastLines.set(line, Math.max(last, lastLines.get(line) ?? last));
  }
  const read = rows.flatMap(({ product_key, line }) =>
    product_key ? [{ asin: product_key.split("#")[1], line, lastLine: lastLines.get(line) ?? line }] : [],
  );
  const isNoted = report.notes.some((note) => /names? (?:another|other) products?/.test(note));
  const lost = products.filter(({ asin, isGood, isBeside, lines: [first, last] }) => {
    const isHere = ({ line }: { line: number }) => line >= first && line <= last;
    const isRead = isGood && read.some((one) => one.asin === asin && one.line <= last && one.lastLine >= first);
    const isInReject = rejects.some((one) => isHere(one) && `${one.value} ${one.reason}`.toUpperCase().includes(asin));
    return !isRead && !isInReject && !(isBeside && isNoted);
  });
  expect(lost, text).toEqual([]);
  const written = new Set(products.map(({ asin }) => asin));
  expect(
    read.filter(({ asin }) => !written.has(asin ?? "")),
    text,
  ).toEqual([]);
  const { total, valid, duplicates, rejected } = report.rows;
  expect(total).toBe(valid + duplicates + rejected);
  expect(rows).toHaveLength(total);
};

const RUNS = testRuns(500);
const TIMEOUT_MS = 20_000 + RUNS * 100;

/** Encodings that can hold the letters of a table. */
const ENCODINGS: Record<WrittenTable["letters"], readonly TextEncoding[]> = {
  ascii: ["utf-16le", "utf-16be", "windows-1252", "shift_jis"],
  western: ["utf-16le", "utf-16be", "windows-1252"],
  japanese: ["utf-16le", "utf-16be", "shift_jis"],
  any: ["utf-16le", "utf-16be"],
};

describe("a product that a table names", () => {
  it(
    "is accepted, a duplicate, or named by a rejected row on its line",
    async () => {
      await fc.assert(
        fc.asyncProperty(writtenTable, (table) => expectAll(table)),
        { seed: SEED, numRuns: RUNS },
      );
    },
    TIMEOUT_MS,
  );

  it(
    "is that in every encoding, named or guessed, and its row has the same text; or the file is refused",
    async () => {
      const encoded = writtenTable.chain((table) =>
        fc.record({
          table: fc.constant(table),
          encoding: fc.constantFrom(...ENCODINGS[table.letters]),
          isNamed: fc.boolean(),
        }),
      );
      let guessed = 0;
      await fc.assert(
        fc.asyncProperty(encoded, async ({ table, encoding, isNamed }) => {
          // A mark at the very start is none of the text's own.
          fc.pre(!table.text.startsWith("\ufeff"));
          const content = encodeText(table.text, encoding);
          const plain = await ingest(table.text, table.chunk);
          const read = await ingest(content, table.chunk, isNamed ? encoding : undefined).catch((error: unknown) => {
            if (!isNamed && error instanceof ValidationError && error.code === "invalid_encoding") return undefined;
            throw error;
          });
          if (!read) return;
          expect(read.rows, table.text).toEqual(plain.rows);
          const isGuess = !isNamed && !encoding.startsWith("utf") && !isAscii(content);
          if (isGuess) guessed++;
          const name = encoding === "shift_jis" ? "Shift-JIS" : "Windows-1252";
          expect(read.report.notes.some((note) => note.includes(`read as ${name}`))).toBe(isGuess);
        }),
        { seed: SEED, numRuns: RUNS },
      );
      expect(guessed).toBeGreaterThan(0);
    },
    TIMEOUT_MS,
  );
});
