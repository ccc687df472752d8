import { asinsIn, readProductCell } from "../cells/product-cell.ts";
import type { ColumnChoice } from "../columns/row-layout.ts";
import { HEADER_WITHIN_RECORDS, isHeader } from "../columns/table-head.ts";
import { hidesProducts } from "../rows/swallowed-rows.ts";
import { CsvScanner } from "./csv-scanner.ts";

/** How a table is written. */
export interface CsvDialect {
  readonly delimiter: string;
  /** Whether the first line is Excel's `sep=;`, which is no record. */
  readonly skipFirst: boolean;
}

const DELIMITERS = [",", ";", "\t", "|"] as const;
/** The unit separator: a delimiter that no list holds, for a list of one column. */
export const NO_DELIMITER = "\u001f";
/** Records by which a bare list and a table without a header are distinguished. */
const SAMPLE = 20;
/** Columns of a table whose rows hold nothing but ASINs; wider ones are lists that happen to be as long. */
const MAX_COLUMNS_OF_ASINS = 20;

/** The first records with text in them. */
const firstRecords = (head: string, delimiter: string): string[][] => {
  const records: string[][] = [];
  const scanner = new CsvScanner(delimiter, (cells, lines, isOneLine) =>
    hidesProducts(cells, lines, isOneLine, undefined),
  );
  scanner.add(head);
  while (records.length < SAMPLE) {
    const record = scanner.next(true);
    if (!record) break;
    if (record.cells.some((cell) => cell.trim() !== "")) records.push(record.cells);
  }
  return records;
};

/** Whether a text names nothing but products, one or several. */
const isProduct = (cell: string | undefined): boolean => {
  if (cell === undefined) return false;
  const read = readProductCell(cell, false);
  return read.kind === "several" ? read.parts.every((part) => part.read.ok) : read.read.ok;
};

/**
 * The delimiter of records of which the first, whole, reads as one product: addresses may hold commas, and empty cells
 * behind an ASIN look like white space. They are a table when that reads more of them, or as many in even rows.
 */
const delimiterOfProducts = (head: string, records: readonly string[]): string => {
  const asList = records.filter(isProduct).length;
  const tables = DELIMITERS.flatMap((delimiter) => {
    const rows = firstRecords(head, delimiter);
    const product = rows[0]?.findIndex(isProduct) ?? -1;
    const width = rows[0]?.length ?? 1;
    if (product < 0 || width < 2) return [];
    const readable = rows.filter((cells) => isProduct(cells[product])).length;
    const isEven = rows.length > 1 && width <= MAX_COLUMNS_OF_ASINS && rows.every((cells) => cells.length === width);
    return readable > asList || (readable === asList && isEven) ? [{ delimiter, readable, width }] : [];
  });
  tables.sort((a, b) => b.readable - a.readable || b.width - a.width);
  return tables[0]?.delimiter ?? NO_DELIMITER;
};

/** The delimiter of a header that is a single name: rows may still have more cells, behind what reads most products. */
const delimiterOfColumn = (head: string): string => {
  const choices = DELIMITERS.map((delimiter) => {
    const products = firstRecords(head, delimiter).flatMap(([cell = ""]) => asinsIn(cell));
    return { delimiter, products: products.length };
  });
  choices.sort((a, b) => b.products - a.products);
  return choices[0]?.delimiter ?? ",";
};

const delimiterOf = (head: string, choice: ColumnChoice): string => {
  const records = firstRecords(head, NO_DELIMITER).map((cells) => cells.join(NO_DELIMITER));
  if (isProduct(records[0])) return delimiterOfProducts(head, records);
  const choices = DELIMITERS.map((delimiter) => {
    const rows = firstRecords(head, delimiter).slice(0, HEADER_WITHIN_RECORDS);
    const header = rows.find((cells) => isHeader(cells, choice));
    const cells = header ?? rows[0] ?? [];
    const even = rows.filter(({ length }) => length === cells.length).length;
    return { delimiter, cells: cells.length, even, usable: header !== undefined || cells.some(isProduct) };
  }).filter(({ cells }) => cells > 1);
  choices.sort((a, b) => Number(b.usable) - Number(a.usable) || b.cells - a.cells || b.even - a.even);
  return choices[0]?.delimiter ?? delimiterOfColumn(head);
};

/**
 * Finds the delimiter (comma, semicolon, tab or pipe, outside quotes) by the header, wherever it is in the first
 * records, or else by the first record: what makes a column with ASINs wins, then what makes most columns, then what makes
 * more rows as long as that. A list without a header is recognised by its first twenty records.
 * @param head first characters of the text, without a byte-order mark
 * @param choice names of columns that the user gave
 */
export const sniffDialect = (head: string, choice: ColumnChoice = {}): CsvDialect => {
  const [line = ""] = head.trimStart().split(/[\r\n]/, 1);
  const declared = /^"?sep=([^"])"?[;,]*$/i.exec(line.trim())?.[1];
  if (declared !== undefined) return { delimiter: declared, skipFirst: true };
  if (/^"?sep=\t/i.test(line)) return { delimiter: "\t", skipFirst: true };
  return { delimiter: delimiterOf(head, choice), skipFirst: false };
};
