import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { CatalogFileRowSchema } from "../../lambdas/common/core/catalogs/ingest/catalog-files.ts";
import { REQUEST_LIMITS } from "../../lambdas/common/core/catalogs/ingest/ingest-limits.ts";
import { ingestCatalog } from "../../lambdas/common/services/ingest/ingest-catalog.ts";
import { NullSink } from "../../lambdas/common/services/ingest/null-sink.ts";
import { MemorySink } from "../helpers/memory/memory-sink.ts";

const folder = resolve(import.meta.dirname, "../../../shared/data/catalogs");
const isThere = existsSync(folder);
if (!isThere) console.log("messy-catalogs: skipped, the sample catalogs are not beside the repository");

const ExpectedSchema = z.object({
  counts: z.object({
    data_rows: z.number(),
    blank: z.number(),
    distinct_asins: z.number(),
    duplicates: z.number(),
    invalid: z.number(),
  }),
  files: z.record(
    z.string(),
    z.object({
      rows: z.array(
        z.object({
          line: z.number(),
          verdict: z.enum(["valid", "duplicate", "invalid", "blank"]),
          asin: z.string().nullable(),
          kind: z.string(),
        }),
      ),
    }),
  ),
});

/** What a reason must say, by the kind of mess that the expected file names. */
const REASONS: Record<string, RegExp> = {
  "9 characters": /has 9 characters/,
  "11 characters": /has 11 characters/,
  "13-digit EAN": /13-digit/,
  "leading zeros lost": /looks like an ISBN whose leading zeros a spreadsheet removed; write it as 0\d{8}[\dX]$/,
  "letter O for zero": /letter O where a zero belongs: write it as B0/,
  "scientific notation": /scientific notation/,
  "two ASINs in a cell": /holds 2 ASINs/,
  "short link": /short link/,
  "another shop": /not an address of an Amazon shop/,
  "amazon URL without an ASIN": /Amazon address without an ASIN/,
  "amazon URL, 9 characters": /product part "B08DTYHN9" has 9 characters/,
  "formula in the ASIN cell": /formula/,
  "header repeated": /header line repeated/,
  "a character that is no letter or digit": /has the character "!"/,
  "no ASIN in the cell": /no ASIN|missing value|spreadsheet error/,
};

async function* bodyOf(file: string): AsyncGenerator<Uint8Array> {
  yield readFileSync(resolve(folder, file));
}

const inputOf = (file: string) => ({
  body: bodyOf(file),
  content_type: file.endsWith(".tsv") ? "text/tab-separated-values" : "text/csv",
  marketplace: "www.amazon.com",
  limits: REQUEST_LIMITS,
});

describe.skipIf(!isThere)("the messy catalogs", () => {
  const expected = isThere
    ? ExpectedSchema.parse(JSON.parse(readFileSync(resolve(folder, "messy-us-120.expected.json"), "utf8")))
    : { counts: { data_rows: 0, blank: 0, distinct_asins: 0, duplicates: 0, invalid: 0 }, files: {} };

  it.each(Object.keys(expected.files))("judges every record of %s as its expected file says", async (file) => {
    const sink = new MemorySink();

    const report = await ingestCatalog(inputOf(file), sink);

    const rows = sink.lines("rows.ndjson").map((line) => CatalogFileRowSchema.parse(JSON.parse(line)));
    const wanted = (expected.files[file]?.rows ?? []).filter((row) => row.verdict !== "blank");
    expect(
      rows.map(({ line, verdict, product_key }) => ({ line, verdict, asin: product_key?.split("#")[1] ?? null })),
    ).toEqual(wanted.map(({ line, verdict, asin }) => ({ line, verdict, asin })));
    expect(report.rows).toEqual({
      total: expected.counts.data_rows,
      valid: expected.counts.distinct_asins,
      duplicates: expected.counts.duplicates,
      rejected: expected.counts.invalid,
      blank: expected.counts.blank,
      repaired: 0,
    });
  });

  it.each(Object.keys(expected.files))("gives every bad row of %s a reason that fits", async (file) => {
    const report = await ingestCatalog(inputOf(file), new NullSink());

    for (const row of expected.files[file]?.rows ?? []) {
      if (row.verdict !== "invalid") continue;
      const reject = report.rejects.find(({ line }) => line === row.line);
      expect(reject?.reason, `line ${row.line}, ${row.kind}`).toMatch(
        REASONS[row.kind] ?? /^there is no pattern for this kind$/,
      );
    }
  });

  it("finds the same content in all three files", async () => {
    const hashes = await Promise.all(
      Object.keys(expected.files).map(
        async (file) => (await ingestCatalog(inputOf(file), new NullSink())).content_hash,
      ),
    );
    expect(hashes).toHaveLength(3);
    expect(new Set(hashes).size).toBe(1);
  });
});

describe.skipIf(!isThere)("the clean catalogs", () => {
  it.each([
    ["electronics-us-500.csv", 500],
    ["mixed-us-2000.csv", 2000],
    ["all-us-8255.csv", 8255],
  ])("accepts all of %s", async (file, products) => {
    const report = await ingestCatalog(inputOf(file), new NullSink());

    expect(report.rows).toEqual({
      total: products,
      valid: products,
      duplicates: 0,
      rejected: 0,
      blank: 0,
      repaired: 0,
    });
    expect(report.columns).toEqual(["asin", "sku", "title"]);
    expect(report.segments.map(({ marketplace, products: count }) => [marketplace, count])).toEqual([
      ["www.amazon.com", products],
    ]);
  });
});
