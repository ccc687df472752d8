import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CatalogFileRow } from "../../../../../lambdas/common/core/catalogs/ingest/catalog-files.ts";
import { csvColumnNames, JsonKeys } from "../../../../../lambdas/common/core/exports/column-names.ts";
import {
  ENRICHMENT_COLUMNS,
  enrichmentCells,
  type RowOutcome,
} from "../../../../../lambdas/common/core/exports/enrichment-cells.ts";
import { attachment, exportFileName } from "../../../../../lambdas/common/core/exports/export-file-name.ts";
import { rowWriter } from "../../../../../lambdas/common/core/exports/row-writer.ts";
import { aLicensedProduct } from "../../../../helpers/products.ts";
import { NOON } from "../../../../helpers/rows.ts";
import { testSeed } from "../../../../helpers/test-seed.ts";

const SEED = testSeed("row writer", 7);

const row = (overrides: Partial<CatalogFileRow> = {}): CatalogFileRow => ({
  line: 2,
  verdict: "valid",
  product_key: "www.amazon.com#B000000001",
  cells: ["B000000001", "mine"],
  ...overrides,
});
const enriched: RowOutcome = { state: "enriched", source: "keepa" };

describe("the cells of a row", () => {
  it("of an enriched product are its fields, the run's source and the time of the data", () => {
    const product = aLicensedProduct({ missing: [{ field: "star_rating", reason: "none" }] });
    expect(enrichmentCells(row(), enriched, product)).toEqual({
      state: "enriched",
      missing: ["star_rating"],
      error_code: null,
      source: "keepa",
      as_of: product.last_refresh_at,
      // A day after it was fetched: it is content of the Creators API.
      valid_until: "2026-11-24T12:00:00.000Z",
      title: "Desk lamp",
      price: "19.90",
      currency: "USD",
      availability: "in_stock",
      image_url: product.image_url,
      url: product.detail_page_url,
    });
  });

  it("are as of the oldest of the fields that they show, whatever was fetched or marked since", () => {
    const at = (hours: number) => ({
      source: "creators-api" as const,
      fetched_at: new Date(NOON - hours * 3_600_000).toISOString(),
    });
    const provenance = { title: at(2), current_price: at(7), star_rating: at(20), brand: at(1) };
    const times = { last_refresh_at: new Date(NOON).toISOString(), status: "unavailable", stale: true } as const;
    expect(enrichmentCells(row(), enriched, aLicensedProduct({ ...times, provenance })).as_of).toBe(at(7).fetched_at);
    const nothingShown = aLicensedProduct({ ...times, provenance: { star_rating: at(20) } });
    expect(enrichmentCells(row(), enriched, nothingShown).as_of).toBeNull();
  });

  it("of a failed product without data say only why", () => {
    expect(enrichmentCells(row(), { state: "failed", error_code: "NotFound" }, undefined)).toMatchObject({
      state: "failed",
      error_code: "NotFound",
      missing: null,
      source: null,
      title: null,
    });
  });

  it("of a duplicate show the same product under its own state", () => {
    expect(enrichmentCells(row({ verdict: "duplicate" }), undefined, aLicensedProduct())).toMatchObject({
      state: "duplicate",
      error_code: null,
      source: "creators-api",
      title: "Desk lamp",
    });
  });

  it("of a rejected row give the reason", () => {
    const rejected = row({ verdict: "invalid", product_key: undefined, reason: "is too short" });
    expect(enrichmentCells(rejected, undefined, undefined)).toMatchObject({
      state: "rejected",
      error_code: "INVALID_ROW: is too short",
      title: null,
    });
  });
});

describe("column names", () => {
  it("are the user's own unchanged, then ours, with a prefix only where one clashes", () => {
    const { own, added } = csvColumnNames(["ASIN", " Title ", "note", "note", ""], 5);
    expect(own).toEqual(["ASIN", " Title ", "note", "note", ""]);
    expect(added).toEqual([...ENRICHMENT_COLUMNS].map((name) => (name === "title" ? "enrichline_title" : name)));
  });

  it("stay distinct when an export is uploaded and exported again", () => {
    const once = csvColumnNames(["asin", "title"], 2);
    const twice = csvColumnNames([...once.own, ...once.added], 13);
    expect(twice.added).toContain("enrichline_title_2");
    expect(twice.added).toContain("enrichline_state");
    expect(new Set(twice.added).size).toBe(ENRICHMENT_COLUMNS.length);
  });

  it("name cells beyond the header by their place", () => {
    expect(csvColumnNames(["asin", "Column_3"], 4).own).toEqual(["asin", "Column_3", "column_3_2", "column_4"]);
  });

  it("of JSON objects are never the same twice, and a unique one is kept", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("a", "A", "", " ", "a_2", "title", "state", "column_2", "__proto__", "1")),
        (columns) => {
          const keys = new JsonKeys(columns);
          const own = Array.from({ length: columns.length + 3 }, (_, index) => keys.own(index));
          const all = [...own, ...keys.added].map((name) => name.trim().toLowerCase());
          expect(new Set(all).size).toBe(all.length);
          columns.forEach((name, index) => {
            const same = columns.filter((other) => other.trim().toLowerCase() === name.trim().toLowerCase());
            if (name.trim() !== "" && same.length === 1) expect(own[index]).toBe(name);
          });
        },
      ),
      { seed: SEED },
    );
  });
});

describe("a CSV line", () => {
  it("has as many cells as the header, whatever the row's own width", () => {
    const writer = rowWriter("csv", ["=asin", "note"], 3);
    const lines = [["B000000001"], ["B000000001", "n"], ["B000000001", "n", "=extra"]].map((cells) =>
      writer.line(cells, enrichmentCells(row({ cells }), enriched, aLicensedProduct())),
    );
    expect(writer.head.startsWith("\uFEFF'=asin,note,column_3,state,")).toBe(true);
    const records: string[][] = parse(writer.head + lines.join(""), { bom: true });
    expect(records.map((record) => record.length)).toEqual([15, 15, 15, 15]);
    expect(records[3]?.slice(0, 4)).toEqual(["B000000001", "n", "'=extra", "enriched"]);
  });

  it("makes our own cells safe too", () => {
    const line = rowWriter("csv", ["asin"], 1).line(
      ["B000000001"],
      enrichmentCells(row(), enriched, aLicensedProduct({ title: '=HYPERLINK("http://x")' })),
    );
    expect(line).toContain(`"'=HYPERLINK(""http://x"")"`);
  });
});

describe("a JSON line", () => {
  it("keeps the text as it is, keys in the user's order, and null for nothing", () => {
    const writer = rowWriter("jsonl", ["10", "2", "asin"], 0);
    const line = writer.line(["=1", "\u2028"], enrichmentCells(row(), { state: "pending" }, undefined));
    expect(line.startsWith('{"10":"=1","2":"\u2028","asin":"","state":"pending","missing":null,')).toBe(true);
    expect(line.endsWith("}\n")).toBe(true);
    expect(JSON.parse(line)).toMatchObject({ "10": "=1", "2": "\u2028", asin: "", title: null });
  });
});

describe("the file name", () => {
  it("says catalog, state and day", () => {
    expect(exportFileName("spring sale.CSV", "csv", null, NOON)).toBe("spring sale-enriched-2026-11-23.csv");
    expect(exportFileName("a/b:c\u0000\r\n", "jsonl", "failed", NOON)).toBe("a-b-c--failed-2026-11-23.jsonl");
    expect(exportFileName("..", "csv", null, NOON)).toBe("catalog-enriched-2026-11-23.csv");
  });

  it("travels in a header that nothing can break out of", () => {
    expect(attachment('frühling "1".csv')).toBe(
      `attachment; filename="fr_hling _1_.csv"; filename*=UTF-8''fr%C3%BChling%20%221%22.csv`,
    );
  });
});
