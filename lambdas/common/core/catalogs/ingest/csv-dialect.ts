import { readAsinCell } from "./asin-cell.ts";
import { layoutOf } from "./row-layout.ts";

/** How a table is written. */
export interface CsvDialect {
  readonly delimiter: string;
  /** Whether the first line is Excel's `sep=;`, which is no record. */
  readonly skipFirst: boolean;
}

const DELIMITERS = [",", ";", "\t", "|"] as const;
/** The unit separator: a delimiter that no list holds, for a list of one column. */
const NO_DELIMITER = "\u001f";
/** Records that tell a bare list from a table without a header. */
const SAMPLE = 20;

/** Cells of a line with `delimiter`, reading quotes as RFC 4180 does. */
const split = (line: string, delimiter: string): string[] => {
  const cells: string[] = [];
  let cell = "";
  let quoted = false;
  for (const character of line) {
    if (character === '"') quoted = !quoted;
    else if (character === delimiter && !quoted) {
      cells.push(cell);
      cell = "";
    } else cell += character;
  }
  return [...cells, cell];
};

/** The first records with text in them; line breaks inside quotes belong to them. */
const firstRecords = (head: string): string[] => {
  const records: string[] = [];
  let quoted = false;
  let start = 0;
  for (let i = 0; i <= head.length && records.length < SAMPLE; i++) {
    const character = head[i];
    if (character === '"') quoted = !quoted;
    if (i < head.length && (quoted || (character !== "\n" && character !== "\r"))) continue;
    if (head.slice(start, i).trim() !== "") records.push(head.slice(start, i));
    start = i + 1;
  }
  return records;
};

const isProduct = (cell: string | undefined): boolean => cell !== undefined && readAsinCell(cell, false).ok;

/**
 * The delimiter of records of which the first, whole, reads as one product: addresses may hold commas, and empty cells
 * behind an ASIN look like white space. They are a table when that reads more of them, or as many in even rows.
 */
const delimiterOfProducts = (records: readonly string[]): string => {
  const asList = records.filter(isProduct).length;
  const tables = DELIMITERS.flatMap((delimiter) => {
    const rows = records.map((record) => split(record, delimiter));
    const product = rows[0]?.findIndex(isProduct) ?? -1;
    const width = rows[0]?.length ?? 1;
    if (product < 0 || width < 2) return [];
    const readable = rows.filter((cells) => isProduct(cells[product])).length;
    const isEven = rows.length > 1 && rows.every((cells) => cells.length === width);
    return readable > asList || (readable === asList && isEven) ? [{ delimiter, readable, width }] : [];
  });
  tables.sort((a, b) => b.readable - a.readable || b.width - a.width);
  return tables[0]?.delimiter ?? NO_DELIMITER;
};

const delimiterOf = (records: readonly string[]): string => {
  const [record = ""] = records;
  if (isProduct(record)) return delimiterOfProducts(records);
  const choices = DELIMITERS.map((delimiter) => {
    const cells = split(record, delimiter);
    const usable = layoutOf(cells).products.length > 0 || cells.some(isProduct);
    return { delimiter, cells: cells.length, usable };
  }).filter(({ cells }) => cells > 1);
  choices.sort((a, b) => Number(b.usable) - Number(a.usable) || b.cells - a.cells);
  // A single column: the comma, so that extra cells in later rows are still separate.
  return choices[0]?.delimiter ?? ",";
};

/**
 * Tells the delimiter (comma, semicolon, tab or pipe, outside quotes) by the first record: the one that makes a column
 * with ASINs wins, then the one that makes most columns. A list without a header is recognised by its first twenty.
 * @param head first characters of the text, without a byte-order mark
 */
export const sniffDialect = (head: string): CsvDialect => {
  const records = firstRecords(head);
  const [record = ""] = records;
  const declared = /^"?sep=(.)"?[;,]*$/i.exec(record.trim())?.[1];
  return {
    delimiter: declared ?? (/^"?sep=\t/i.test(record) ? "\t" : delimiterOf(records)),
    skipFirst: declared !== undefined || /^"?sep=\t/i.test(record),
  };
};
