import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CatalogFileRowSchema } from "../../../../../lambdas/common/core/catalogs/ingest/catalog-files.ts";
import { ingestCatalog } from "../../../../../lambdas/common/services/ingest/ingest-catalog.ts";
import { MemorySink } from "../../../../helpers/memory/memory-sink.ts";
import { testRuns } from "../../../../helpers/test-runs.ts";
import { testSeed } from "../../../../helpers/test-seed.ts";
import { catalogInput, chunksOf } from "../../../../helpers/uploads/catalog-input.ts";

const SEED = testSeed("ingest", 20_260_517);

const alphanumeric = fc.constantFrom(..."0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ");
const asin = fc.oneof(
  fc.string({ unit: alphanumeric, minLength: 8, maxLength: 8 }).map((rest) => `B0${rest}`),
  fc.integer({ min: 0, max: 5 }).map((digit) => `B07KNVH9W${digit}`),
);
const cell = fc.oneof(
  asin,
  asin.map((text) => ` ${text.toLowerCase()}\u00a0`),
  asin.map((text) => `https://www.amazon.de/x/dp/${text}?th=1`),
  fc.constantFrom("N/A", "804136726", "B01FKZSFY", "9780789739742", ""),
);
const text = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 12 }),
  fc.constantFrom('12" x "3"', "a,b;c", "two\nlines", "\u0000", "=1+1"),
);
const product = fc.record({ asin: cell, sku: text, title: text });
const products = fc
  .array(product, { minLength: 1, maxLength: 40 })
  .filter((list) => list.some((row) => Object.values(row).join("").trim() !== ""));

const quoted = (value: string): string => `"${value.replaceAll('"', '""')}"`;
const toCsv = (list: { asin: string; sku: string; title: string }[], delimiter: string, end: string): string =>
  [["asin", "sku", "title"], ...list.map((row) => [row.asin, row.sku, row.title])]
    .map((cells) => cells.map(quoted).join(delimiter) + end)
    .join("");

const ingest = async (content: string | Uint8Array, chunk: number) => {
  const sink = new MemorySink();
  const report = await ingestCatalog(catalogInput("", { body: chunksOf(content, chunk) }), sink);
  return { report, objects: Object.fromEntries([...sink.objects].map(([name, bytes]) => [name, bytes.toString()])) };
};

const verdicts = ({ objects }: Awaited<ReturnType<typeof ingest>>) =>
  (objects["rows.ndjson"] ?? "")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => CatalogFileRowSchema.parse(JSON.parse(line)))
    .map(({ verdict, product_key, reason, cells }) => ({ verdict, product_key, reason, cells }));

describe("the result of an ingest", () => {
  it("never depends on where the stream is cut", async () => {
    const forms = fc.constantFrom<(list: { asin: string; sku: string; title: string }[]) => string | Uint8Array>(
      (list) => toCsv(list, ";", "\r\n"),
      (list) => `\ufeff${toCsv(list, "\t", "\n")}`,
      (list) => Buffer.from(`\ufeff${toCsv(list, ",", "\n")}`, "utf16le"),
      (list) => list.map((row) => JSON.stringify(row)).join("\r\n"),
      (list) => JSON.stringify({ products: list, marketplace: "UK" }, null, 1),
    );
    await fc.assert(
      fc.asyncProperty(products, forms, fc.integer({ min: 1, max: 50 }), async (list, form, chunk) => {
        const content = form(list);
        expect(await ingest(content, chunk)).toEqual(await ingest(content, 1_000_000));
      }),
      { seed: SEED, numRuns: testRuns(200) },
    );
  });

  it("is the same for the same products as CSV, NDJSON and JSON", async () => {
    await fc.assert(
      fc.asyncProperty(products, fc.constantFrom(",", ";", "\t", "|"), async (list, delimiter) => {
        const csv = await ingest(toCsv(list, delimiter, "\n"), 65_536);
        const ndjson = await ingest(list.map((row) => JSON.stringify(row)).join("\n"), 65_536);
        const json = await ingest(JSON.stringify({ products: list }), 65_536);

        expect(verdicts(ndjson)).toEqual(verdicts(csv));
        expect(verdicts(json)).toEqual(verdicts(csv));
        for (const { report } of [ndjson, json]) {
          expect(report.rows).toEqual(csv.report.rows);
          expect(report.content_hash).toBe(csv.report.content_hash);
        }
      }),
      { seed: SEED, numRuns: testRuns(200) },
    );
  });

  it("counts every row once, and each product once", async () => {
    await fc.assert(
      fc.asyncProperty(products, async (list) => {
        const { report, objects } = await ingest(toCsv(list, ",", "\n"), 1000);
        const { total, valid, duplicates, rejected, blank } = report.rows;
        expect(total).toBe(valid + duplicates + rejected);
        expect(total + blank).toBe(list.length);
        expect(report.segments.reduce((sum, segment) => sum + segment.products, 0)).toBe(valid);
        const keys = report.segments.flatMap((segment) =>
          (objects[segment.key] ?? "")
            .trim()
            .split("\n")
            .map((line) => segment.marketplace + JSON.parse(line).asin),
        );
        expect(new Set(keys).size).toBe(valid);
      }),
      { seed: SEED, numRuns: testRuns(100) },
    );
  });
});
