import { describe, expect, it } from "vitest";
import { layoutOf } from "../../../../../../../lambdas/common/core/catalogs/ingest/columns/row-layout.ts";
import { CsvScanner } from "../../../../../../../lambdas/common/core/catalogs/ingest/formats/csv-scanner.ts";
import { hidesProducts } from "../../../../../../../lambdas/common/core/catalogs/ingest/rows/swallowed-rows.ts";

const TABLE = { layout: layoutOf(["sku", "title", "asin"]), width: 3, delimiter: ";" };

/** The lines on which records of a table with the columns sku, title and asin begin. */
const recordLines = (...lines: readonly string[]): number[] => {
  const scanner = new CsvScanner(TABLE.delimiter, (cells, parts, isOneLine) =>
    hidesProducts(cells, parts, isOneLine, TABLE),
  );
  scanner.add(`${lines.join("\n")}\n`);
  const found: number[] = [];
  for (let record = scanner.next(true); record; record = scanner.next(true)) found.push(record.line);
  return found;
};

describe("a stray quote", () => {
  it("makes no record of a row and the next one that lacks its first cell, though both name the same product", () => {
    expect(recordLines('S-1;";B00000001X', '";B00000001X', 'S-3;";B000000002')).toEqual([1, 2, 3]);
  });

  it("makes no record of rows that all lack their first cell", () => {
    expect(recordLines('";B000000001', '";B000000002', "S-3;Mug;B000000003")).toEqual([1, 2, 3]);
  });

  it.each([
    ["before the product", ['S-1;"Mug', 'large; blue";B000000001', "S-2;Cup;B000000002"]],
    ["with the product of its own row in it", ['S-1;"Mug', 'like B000000001";B000000001', "S-2;Cup;B000000002"]],
  ])("is none where text of several lines is quoted on purpose (%s)", (_what, lines) => {
    expect(recordLines(...lines)).toEqual([1, 3]);
  });
});
