import { readAsinCell } from "./asin-cell.ts";
import { layoutOf } from "./row-layout.ts";

/** How a table is written. */
export interface CsvDialect {
  readonly delimiter: string;
  readonly recordDelimiters: readonly string[];
  /** Whether the first line is Excel's `sep=;`, which is no record. */
  readonly skipFirst: boolean;
}

const DELIMITERS = [",", ";", "\t", "|"] as const;
/** The unit separator: a delimiter that no list holds, for a list of one column. */
const NO_DELIMITER = "\u001f";

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

/** The first record with text in it; line breaks inside quotes belong to it. */
const firstRecord = (head: string): string => {
  let quoted = false;
  let start = 0;
  for (let i = 0; i < head.length; i++) {
    const character = head[i];
    if (character === '"') quoted = !quoted;
    if (quoted || (character !== "\n" && character !== "\r")) continue;
    if (head.slice(start, i).trim() !== "") return head.slice(start, i);
    start = i + 1;
  }
  return head.slice(start);
};

const delimiterOf = (record: string): string => {
  if (readAsinCell(record, false).ok) return NO_DELIMITER;
  const choices = DELIMITERS.map((delimiter) => {
    const cells = split(record, delimiter);
    const usable = layoutOf(cells).products.length > 0 || cells.some((cell) => readAsinCell(cell, false).ok);
    return { delimiter, cells: cells.length, usable };
  }).filter(({ cells }) => cells > 1);
  choices.sort((a, b) => Number(b.usable) - Number(a.usable) || b.cells - a.cells);
  // A single column: the comma, so that extra cells in later rows are still told apart.
  return choices[0]?.delimiter ?? ",";
};

/**
 * Tells delimiter and line ends by the first record: the delimiter (comma, semicolon, tab or pipe, outside quotes)
 * that makes a column with ASINs wins, then the one that makes most columns.
 * @param head first characters of the text, without a byte-order mark
 */
export const sniffDialect = (head: string): CsvDialect => {
  const record = firstRecord(head);
  const told = /^"?sep=(.)"?[;,]*$/i.exec(record.trim())?.[1];
  const onlyReturns = head.includes("\r") && !head.includes("\n");
  return {
    delimiter: told ?? (/^"?sep=\t/i.test(record) ? "\t" : delimiterOf(record)),
    recordDelimiters: onlyReturns ? ["\r"] : ["\r\n", "\n"],
    skipFirst: told !== undefined || /^"?sep=\t/i.test(record),
  };
};
