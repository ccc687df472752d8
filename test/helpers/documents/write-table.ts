import { CARRIED } from "./table-product.ts";
import { recordOf, type Style } from "./table-record.ts";
import type { Row } from "./table-row.ts";
import type { Letters } from "./table-title.ts";

/** One product as it was written into a table. */
export interface WrittenProduct {
  /** Upper case; for one with a slip, the text itself. */
  readonly asin: string;
  readonly isGood: boolean;
  /** Whether it is where no product is looked for, in the query of an address or in another column: then a note may say so. */
  readonly isBeside?: boolean;
  /** Lines that its record takes, first and last. */
  readonly lines: readonly [first: number, last: number];
}

/** A table as a program or a person may have written it. */
export interface WrittenTable {
  readonly text: string;
  readonly products: readonly WrittenProduct[];
  /** Encodings that hold all of its characters. */
  readonly letters: Letters;
  readonly chunk: number;
}

/** Columns of further ASINs belong to one of these names. */
const NUMBERED_HEADERS = ["asin", "ASIN", "asin1"];

/** How all rows of a table are written. */
export interface Shape {
  readonly letters: Letters;
  readonly delimiter: string;
  readonly style: Style;
  readonly layout: readonly string[];
  readonly header: string | undefined;
  readonly opensQuote: boolean;
  readonly above: readonly string[];
  readonly end: string;
  readonly chunk: number;
}

/** Writes rows into one text, and keeps where each product is. */
export const writeTable = (shape: Shape, rows: readonly Row[]): WrittenTable => {
  const { letters, delimiter, style, end, chunk } = shape;
  const { header } = shape;
  // Only under these names columns with a number say more than one product.
  const isNumbered = header !== undefined && NUMBERED_HEADERS.includes(header);
  const layout = isNumbered ? shape.layout : shape.layout.filter((column) => !/^asin[ _]?[23]$/.test(column));
  const records: string[] = [];
  const products: WrittenProduct[] = [];
  let line = 1;
  const put = (record: string): [number, number] => {
    records.push(record);
    const first = line;
    line += record.split("\n").length;
    return [first, line - 1];
  };
  if (header !== undefined) {
    for (const text of shape.above) {
      const lines = put(text);
      const [named] = /B0[A-Z0-9]{8}/.exec(text) ?? [];
      if (named) products.push({ asin: named, isGood: false, lines });
    }
    const name = letters === "any" ? header : header.replace("\u200e", "");
    const names = layout.map((column) => (column === "asin" ? name : column));
    put(`${shape.opensQuote && style !== "rfc" ? '"' : ""}${names.join(delimiter)}`);
  }
  rows.forEach((row, index) => {
    // Without a header the first record shows where the ASINs are, so it is a good one.
    const isFirst = header === undefined && index === 0;
    if (!isFirst && row.fault === "blank-before") put(index % 2 === 0 ? "" : "  ");
    if (!isFirst && row.fault === "garbage-before") put("total: 5");
    // Where cells are missing, moved or torn, nobody knows which column a text belongs to.
    const isWhole = row.fault === "none" && row.products.length === 1;
    const plain = { ...row, further: isWhole ? row.further : [], beside: isWhole ? row.beside : undefined };
    const own = isFirst
      ? {
          ...plain,
          fault: "none" as const,
          products: row.products.slice(0, 1),
          title: "Cup",
          further: [],
          beside: undefined,
        }
      : plain;
    // A file that begins with a bracket is JSON.
    const looksLikeJson = own.products[0]?.text.includes("[");
    const good =
      isFirst && (looksLikeJson || !own.products[0]?.isGood)
        ? [{ asin: "B0FIRST000", text: "B0FIRST000", isGood: true }]
        : own.products;
    const lines = put(recordOf({ ...own, products: good }, layout, style, delimiter));
    for (const { asin: name, isGood } of good) products.push({ asin: name, isGood, lines });
    const columns = layout.filter((column) => /^asin[ _]?[23]$/.test(column)).length;
    const further = own.further.slice(0, columns);
    for (const { asin: name, isGood } of further) products.push({ asin: name, isGood, lines });
    if (own.beside && layout.includes("title")) {
      products.push({ asin: own.beside.asin, isGood: true, isBeside: true, lines });
    }
    if ([...good, ...further].some(({ text }) => text.includes(CARRIED))) {
      products.push({ asin: CARRIED, isGood: true, isBeside: true, lines });
    }
  });
  return { text: records.map((record) => record.replaceAll("\n", end)).join(end) + end, products, letters, chunk };
};
