import fc from "fast-check";
import type { Style } from "./table-record.ts";
import { tableRow } from "./table-row.ts";
import type { Letters } from "./table-title.ts";
import { type WrittenTable, writeTable } from "./write-table.ts";

const TITLES_ABOVE = [
  "Fee report 11-01-2026",
  "Report",
  '"Report of the month',
  "Shops: all",
  "20261101",
  "a,b;c",
  "Report for ASIN: B0REPORT01",
  "#B0REPORT02,old",
];

const LAYOUTS = [
  ["asin"],
  ["asin", "title"],
  ["title", "asin"],
  ["asin", "sku", "title"],
  ["sku", "title", "asin"],
  ["asin", "title", "sku", "note"],
  ["asin", "asin2", "title"],
  ["sku", "asin", "asin 2", "asin3"],
];
const HEADERS = ["asin", "ASIN", "\u200eAsin ", "(Child) ASIN", "asin1", "ASIN/ISBN", "Product URL"];

/** Tables of all kinds, with everything that was met in files from the field. */
export const writtenTable: fc.Arbitrary<WrittenTable> = fc
  .record({
    letters: fc.constantFrom<Letters>("ascii", "western", "japanese", "any"),
    delimiter: fc.constantFrom(",", ";", "\t", "|"),
    style: fc.constantFrom<Style>("rfc", "plain", "sloppy"),
    layout: fc.constantFrom(...LAYOUTS),
    /** Whether the quote of the first column's name is never closed. */
    opensQuote: fc.nat(7).map((n) => n === 0),
    header: fc.option(fc.constantFrom(...HEADERS), { nil: undefined, freq: 4 }),
    above: fc.array(fc.constantFrom(...TITLES_ABOVE), { maxLength: 3 }),
    end: fc.constantFrom("\n", "\r\n", "\r"),
    chunk: fc.constantFrom(1, 7, 64, 65_536),
  })
  .chain((table) =>
    fc
      .record({ rows: fc.array(tableRow(table.letters), { minLength: 1, maxLength: 12 }) })
      .map(({ rows }) => writeTable(table, rows)),
  );
