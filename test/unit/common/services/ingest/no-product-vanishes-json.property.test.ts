import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  CatalogFileRowSchema,
  RejectedRowSchema,
} from "../../../../../lambdas/common/core/catalogs/ingest/catalog-files.ts";
import { ingestCatalog } from "../../../../../lambdas/common/services/ingest/ingest-catalog.ts";
import { type WrittenDocument, writtenDocument, writtenLines } from "../../../../helpers/documents/written-document.ts";
import { MemorySink } from "../../../../helpers/memory/memory-sink.ts";
import { testRuns } from "../../../../helpers/test-runs.ts";
import { testSeed } from "../../../../helpers/test-seed.ts";
import { catalogInput, chunksOf } from "../../../../helpers/uploads/catalog-input.ts";

const SEED = testSeed("no product of JSON vanishes", 20_261_130);
const RUNS = testRuns(400);
const TIMEOUT_MS = 20_000 + RUNS * 100;

/** Every ASIN that was written is read, or a rejected row or a note names it; and nothing is read that was not written. */
const expectAll = async ({ text, asins, good, chunk }: WrittenDocument, contentType: string) => {
  const sink = new MemorySink();
  const report = await ingestCatalog(catalogInput("", { body: chunksOf(text, chunk), contentType }), sink);
  const rows = sink.lines("rows.ndjson").map((line) => CatalogFileRowSchema.parse(JSON.parse(line)));
  const rejects = sink.lines("rejects.ndjson").map((line) => RejectedRowSchema.parse(JSON.parse(line)));

  const read = new Set(rows.flatMap(({ product_key }) => product_key?.split("#")[1] ?? []));
  const words = [...rejects.map(({ value, reason }) => `${value} ${reason}`), ...report.notes].join("\n").toUpperCase();
  expect(
    asins.filter((asin) => !read.has(asin) && !words.includes(asin)),
    text,
  ).toEqual([]);
  expect(
    good.filter((asin) => !read.has(asin)),
    text,
  ).toEqual([]);
  expect(
    [...read].filter((asin) => !asins.includes(asin)),
    text,
  ).toEqual([]);
  const { total, valid, duplicates, rejected } = report.rows;
  expect(total).toBe(valid + duplicates + rejected);
  expect(rows).toHaveLength(total);
};

describe("a product that JSON names", () => {
  it(
    "is accepted, a duplicate, or named by a rejected row or a note, wherever a document has it",
    async () => {
      await fc.assert(
        fc.asyncProperty(writtenDocument, (document) => expectAll(document, "application/json")),
        { seed: SEED, numRuns: RUNS },
      );
    },
    TIMEOUT_MS,
  );

  it(
    "is that on every line of NDJSON, though lines between are none",
    async () => {
      await fc.assert(
        fc.asyncProperty(writtenLines, (lines) => expectAll(lines, "application/x-ndjson")),
        { seed: SEED, numRuns: RUNS },
      );
    },
    TIMEOUT_MS,
  );
});
