import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  CatalogFileRowSchema,
  RejectedRowSchema,
} from "../../../../../lambdas/common/core/catalogs/ingest/catalog-files.ts";
import { UPLOAD_LIMITS } from "../../../../../lambdas/common/core/catalogs/ingest/ingest-limits.ts";
import { IngestReportSchema } from "../../../../../lambdas/common/core/catalogs/ingest/ingest-report.ts";
import { ingestCatalog } from "../../../../../lambdas/common/services/ingest/ingest-catalog.ts";
import { MemorySink } from "../../../../helpers/memory/memory-sink.ts";
import { catalogInput, chunksOf } from "../../../../helpers/uploads/catalog-input.ts";

const read = async (content: string | Uint8Array, given: Parameters<typeof catalogInput>[1] = {}, options = {}) => {
  const sink = new MemorySink();
  const report = await ingestCatalog(catalogInput(content, given), sink, options);
  const rows = sink.lines("rows.ndjson").map((line) => CatalogFileRowSchema.parse(JSON.parse(line)));
  return { sink, report: IngestReportSchema.parse(report), rows };
};

const asinsOf = (rows: { product_key?: string | undefined }[]) =>
  rows.map(({ product_key }) => product_key?.split("#")[1]);

describe("a CSV catalog", () => {
  const CSV = [
    "Sku;Asin;Title",
    "1;B07KNVH9W9;Filter",
    "2;b07knvh9w9;The same",
    '3;B08XB427HF;"two',
    'lines, 36"" x 90"""',
    ";;",
    "4;B01FKZSFY;=1+1",
    "5;https://www.amazon.de/dp/B08XB427HF;Tür",
    "",
  ].join("\r\n");

  it("is judged row by row, with the line on which each record starts", async () => {
    const { rows, report } = await read(CSV, { contentType: "text/csv" });

    expect(rows).toEqual([
      { line: 2, verdict: "valid", product_key: "www.amazon.com#B07KNVH9W9", cells: ["1", "B07KNVH9W9", "Filter"] },
      {
        line: 3,
        verdict: "duplicate",
        product_key: "www.amazon.com#B07KNVH9W9",
        cells: ["2", "b07knvh9w9", "The same"],
      },
      {
        line: 4,
        verdict: "valid",
        product_key: "www.amazon.com#B08XB427HF",
        cells: ["3", "B08XB427HF", 'two\r\nlines, 36" x 90"'],
      },
      {
        line: 7,
        verdict: "invalid",
        reason: expect.stringContaining("has 9 characters"),
        cells: ["4", "B01FKZSFY", "=1+1"],
      },
      {
        line: 8,
        verdict: "valid",
        product_key: "www.amazon.de#B08XB427HF",
        cells: ["5", "https://www.amazon.de/dp/B08XB427HF", "Tür"],
      },
    ]);
    expect(report).toMatchObject({
      format: "csv",
      name: null,
      marketplace: null,
      columns: ["Sku", "Asin", "Title"],
      rows: { total: 5, valid: 3, duplicates: 1, rejected: 1, blank: 1, repaired: 0 },
      bytes: Buffer.byteLength(CSV),
    });
  });

  it("is written as one segment a shop with an index, and its rejects apart", async () => {
    const { sink, report } = await read(CSV);

    expect(report.segments).toEqual([
      { marketplace: "www.amazon.com", key: "products/1.ndjson", index_key: "products/1.index.json", products: 2 },
      { marketplace: "www.amazon.de", key: "products/2.ndjson", index_key: "products/2.index.json", products: 1 },
    ]);
    expect(sink.lines("products/1.ndjson")).toEqual([
      '{"asin":"B07KNVH9W9","sku":"1","line":2}',
      '{"asin":"B08XB427HF","sku":"3","line":4}',
    ]);
    expect(JSON.parse(sink.lines("products/2.index.json").join())).toEqual({
      every: 500,
      offsets: [0],
      bytes: sink.objects.get("products/2.ndjson")?.length,
      products: 1,
    });
    expect(report.rejects_key).toBe("rejects.ndjson");
    expect(sink.lines("rejects.ndjson").map((line) => RejectedRowSchema.parse(JSON.parse(line)))).toEqual(
      report.rejects,
    );
    expect(report.rejects).toEqual([
      { line: 7, value: "B01FKZSFY", reason: expect.stringContaining("has 9 characters") },
    ]);
  });

  it("has a hash of its product keys in order, whatever the order and form of its rows", async () => {
    const { report } = await read(CSV);
    const keys = ["www.amazon.com#B07KNVH9W9", "www.amazon.com#B08XB427HF", "www.amazon.de#B08XB427HF"];
    const other = await read('[{"asin":"B08XB427HF","marketplace":"DE"},"b08xb427hf","bad","B07KNVH9W9"]');

    expect(report.content_hash).toBe(
      createHash("sha256")
        .update(keys.map((key) => `${key}\n`).join(""))
        .digest("hex"),
    );
    expect(other.report.content_hash).toBe(report.content_hash);
  });

  it("has no rejects object when nothing is rejected", async () => {
    const { sink, report } = await read("asin\nB07KNVH9W9\n");
    expect(report.rejects_key).toBeNull();
    expect(sink.opened).not.toContain("rejects.ndjson");
  });

  it("without a valid row is no error", async () => {
    const { report } = await read("asin\nN/A\n");
    expect(report).toMatchObject({
      rows: { total: 1, valid: 0, rejected: 1 },
      segments: [],
      rejects_key: "rejects.ndjson",
    });
  });

  it.each([
    ["a bare list", "B07KNVH9W9\nhttps://www.amazon.com/dp/B08XB427HF\n", [1, 2]],
    ["a list whose first line is bad", "B01FKZSFY\nB07KNVH9W9\nB08XB427HF", [1, 2, 3]],
    ["a list with carriage returns alone", "asin\rB07KNVH9W9\rB08XB427HF\r", [2, 3]],
    ["a list with line ends of both kinds", "asin\r\nB07KNVH9W9\nB08XB427HF\r\n", [2, 3]],
    ["a list whose line ends change on the way", "asin\nB07KNVH9W9\rB08XB427HF\r\n", [2, 3]],
    ["a list with a single line feed at its end", "asin\rB07KNVH9W9\rB08XB427HF\n", [2, 3]],
    ["a table with another kind in quotes", 'asin,title\rB07KNVH9W9,"a\nb"\rB08XB427HF,"c\r\nd"\r', [2, 4]],
    ["a list after empty lines", "\n\n  \nasin\n\nB07KNVH9W9\nB08XB427HF", [6, 7]],
    ["Excel's separator line", "sep=;\nasin;sku\nB07KNVH9W9;1\nB08XB427HF;2\n", [3, 4]],
    ["a table without a header", "1,Filter,B07KNVH9W9\n2,Screen,B08XB427HF\n", [1, 2]],
    ["one without whose first cells are empty", "B07KNVH9W9\t\t\nB08XB427HF\tS-2\tScreen\n", [1, 2]],
    ["two columns of one name", "asin,sku,ASIN\n,1,B07KNVH9W9\nB08XB427HF,2,\n", [2, 3]],
    ["inch marks outside quotes", 'asin,title\nB07KNVH9W9,12" ruler\nB08XB427HF,"12" x 3"\n', [2, 3]],
    ["UTF-16 with a mark", Buffer.from("\ufeffasin,title\nB07KNVH9W9,Tür\nB08XB427HF,🎁\n", "utf16le"), [2, 3]],
    ["UTF-16 BE without a mark", Buffer.from("asin\nB07KNVH9W9\nB08XB427HF\n", "utf16le").swap16(), [2, 3]],
    ["UTF-8 with a mark", "\ufeffasin\nB07KNVH9W9\nB08XB427HF\n", [2, 3]],
    ["a url column", "product_url,sku\namazon.com/dp/B07KNVH9W9,1\namazon.com/dp/B08XB427HF,2\n", [2, 3]],
    ["zero bytes in a title", "asin,title\nB07KNVH9W9,a\u0000b\nB08XB427HF,\u0000\n", [2, 3]],
  ])("may be %s, however it is cut into chunks", async (_, content, lines) => {
    for (const size of [65_536, 1]) {
      const { rows } = await read(content, { body: chunksOf(content, size) });
      expect(rows.map(({ line }) => line)).toEqual(lines);
      expect(asinsOf(rows).slice(-2)).toEqual(["B07KNVH9W9", "B08XB427HF"]);
    }
  });

  it("keeps every cell as it was", async () => {
    const { rows } = await read('asin,note\n" B07KNVH9W9\t","=HYPERLINK(""http://x"")"\nB08XB427HF,-2+3,\u00a0x ,\n');
    expect(rows.map(({ cells }) => cells)).toEqual([
      [" B07KNVH9W9\t", '=HYPERLINK("http://x")'],
      ["B08XB427HF", "-2+3", "\u00a0x ", ""],
    ]);
  });

  it("gets lost zeros back only when asked, and says so", async () => {
    const csv = "asin\n804136726\n0804136726\n";
    const without = await read(csv);
    const repaired = await read(csv, {}, { repairLeadingZeros: true });

    expect(without.report.rows).toMatchObject({ valid: 1, rejected: 1, repaired: 0 });
    expect(without.report.rejects[0]?.reason).toMatch(/write it as 0804136726$/);
    expect(repaired.report.rows).toMatchObject({ valid: 1, duplicates: 1, rejected: 0, repaired: 1 });
    expect(repaired.rows[0]).toMatchObject({ verdict: "valid", repaired: true, cells: ["804136726"] });
  });

  it("reports the first 100 rejects, their values cut to 100 characters, and stores all", async () => {
    const bad = `${"x".repeat(99)}🎁`;
    const { sink, report } = await read(`asin\n${`${bad}\n`.repeat(150)}`);

    expect(report.rows.rejected).toBe(150);
    expect(report.rejects).toHaveLength(100);
    expect(report.rejects[0]?.value).toBe(`${"x".repeat(99)}\ufffd`);
    expect(sink.lines("rejects.ndjson")).toHaveLength(150);
  });

  it("has an index whose offsets are the starts of every 500th product", async () => {
    const lines = Array.from({ length: 1201 }, (_, i) => `B0${String(i).padStart(8, "0")},ü${"y".repeat(i % 50)}`);
    const { sink } = await read(`asin,sku\n${lines.join("\n")}\n`);

    const segment = sink.objects.get("products/1.ndjson") ?? Buffer.alloc(0);
    const index = JSON.parse(sink.lines("products/1.index.json").join());
    expect(index).toMatchObject({ every: 500, bytes: segment.length, products: 1201 });
    expect(index.offsets).toHaveLength(3);
    for (const [place, offset] of index.offsets.entries()) {
      expect(segment.subarray(offset).toString()).toMatch(
        new RegExp(`^{"asin":"B0${String(place * 500).padStart(8, "0")}"`),
      );
    }
  });
});

describe("a JSON catalog", () => {
  it("brings its name and shop, which may come after the products", async () => {
    const { report, rows } = await read(
      '{"products": [\n{"asin": "B07KNVH9W9", "sku": 1},\n{"url": "https://amazon.fr/dp/B08XB427HF", "extra": {"a": 1}}],\n"marketplace": "de", "name": "Mine"}',
      { contentType: "application/json" },
    );

    expect(report).toMatchObject({
      format: "json",
      name: "Mine",
      marketplace: "www.amazon.de",
      columns: ["asin", "sku", "url", "extra"],
    });
    expect(rows).toEqual([
      { line: 2, verdict: "valid", product_key: "www.amazon.de#B07KNVH9W9", cells: ["B07KNVH9W9", "1"] },
      {
        line: 3,
        verdict: "valid",
        product_key: "www.amazon.fr#B08XB427HF",
        cells: ["", "", "https://amazon.fr/dp/B08XB427HF", '{"a":1}'],
      },
    ]);
  });

  it("may be a list of ASINs, or hold items that are none", async () => {
    const { report } = await read('{"asins": ["B07KNVH9W9", null, ["B08XB427HF"], " ", 804136726]}');
    expect(report.rows).toEqual({ total: 4, valid: 1, duplicates: 0, rejected: 3, blank: 1, repaired: 0 });
    expect(report.rejects.map(({ value }) => value)).toEqual(["null", '["B08XB427HF"]', "804136726"]);
  });

  it("over 1 MB needs its shop before the products", async () => {
    const products = JSON.stringify(
      Array.from({ length: 50_000 }, (_, i) => ({ asin: `B0${String(i).padStart(8, "0")}` })),
    );
    const given = { limits: UPLOAD_LIMITS };

    const { report } = await read(`{"marketplace": "UK", "products": ${products}, "name": "x"}`, given);
    expect(report).toMatchObject({ marketplace: "www.amazon.co.uk", name: "x", rows: { valid: 50_000 } });
    await expect(read(`{"products": ${products}, "marketplace": "UK"}`, given)).rejects.toThrow(
      /"marketplace" must come before the products/,
    );
  });
});

describe("an NDJSON catalog", () => {
  it("may write its keys in any case, and keeps numbers as they are", async () => {
    const { rows } = await read(
      '{"ASIN":"B07KNVH9W9","price":1.10}\n{"asin":"B08XB427HF","price":12345678901234567890}',
    );
    expect(rows.map(({ verdict, cells }) => [verdict, ...cells])).toEqual([
      ["valid", "B07KNVH9W9", "1.10"],
      ["valid", "", "12345678901234567890", "B08XB427HF"],
    ]);
  });

  it("rejects a line that is no JSON and continues", async () => {
    const { report, rows } = await read('{"asin":"B07KNVH9W9"}\r\n{"asin":\r\n\r\n"B08XB427HF"\r\n{"sku":1}', {
      contentType: "application/x-ndjson",
    });

    expect(rows.map(({ line, verdict }) => [line, verdict])).toEqual([
      [1, "valid"],
      [2, "invalid"],
      [4, "valid"],
      [5, "invalid"],
    ]);
    expect(report.rows).toEqual({ total: 4, valid: 2, duplicates: 0, rejected: 2, blank: 1, repaired: 0 });
    expect(report.rejects).toEqual([
      { line: 2, value: '{"asin":', reason: expect.stringContaining("is no JSON") },
      { line: 5, value: "", reason: expect.stringContaining("no ASIN") },
    ]);
  });
});
