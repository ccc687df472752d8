import { namesIn } from "../cells/product-cell.ts";
import type { RowLayout } from "../columns/row-layout.ts";
import { isHeader } from "../columns/table-head.ts";

/** The table that a record belongs to, once its head is known. */
export interface KnownTable {
  readonly layout: RowLayout;
  /** Columns of the header, or of the first row. */
  readonly width: number;
  readonly delimiter: string;
}

/** Products in the product's place; with more cells than columns that may be a few cells farther on. */
const namedInPlace = (cells: readonly string[], { layout, width }: KnownTable): string[] => {
  const shift = Math.max(0, cells.length - width);
  for (const column of layout.products) {
    const names = cells.slice(column, column + shift + 1).flatMap(namesIn);
    if (names.length > 0) return names;
  }
  return [];
};

/**
 * Cells that make a line a row of the table. A tab belongs to no text, so that with tabs a shorter line is a row too,
 * once it reaches the product's column.
 */
const cellsOfRow = ({ layout, width, delimiter }: KnownTable): number =>
  delimiter === "\t" ? Math.min(width, Math.max(2, (layout.products[0] ?? 0) + 1)) : width;

/** Whether the text in the product's place is from a line behind the record's first. */
const isFromLaterLine = (cells: readonly string[], { layout: { products } }: KnownTable): boolean => {
  const place = products.find((column) => namesIn(cells[column] ?? "").length > 0);
  return place !== undefined && cells.slice(0, place).some((cell) => /[\r\n]/.test(cell));
};

/**
 * Says whether a record of several lines hides rows that lack cells. A whole first line is a row beside what a later one,
 * however short, brings to the product's place. A record without a product is refused: then each of its lines that names
 * one anywhere is refused as a row of its own.
 */
const hidesShortRows = (
  cells: readonly string[],
  lines: readonly (readonly string[])[],
  known: ReadonlySet<string>,
  table: KnownTable,
): boolean => {
  if (known.size === 0) return lines.some((line) => line.length > 1 && line.some((cell) => namesIn(cell).length > 0));
  const [first = []] = lines;
  return isFromLaterLine(cells, table) && first.length >= cellsOfRow(table) && namedInPlace(first, table).length > 0;
};

/**
 * Says whether a record that was read with quotes hides products: whether one of its lines, read by itself, has the
 * columns of the table and in the product's place an ASIN that the record does not have there. Text in several lines
 * that is quoted on purpose does not look like that.
 * @param lines gives the cells of each line
 * @param isOneLine whether the record is a single line: one that fills the table's columns hides nothing
 * @param table undefined until the header is found: then an ASIN counts anywhere, and so does a header
 */
export const hidesProducts = (
  cells: readonly string[],
  lines: () => readonly (readonly string[])[],
  isOneLine: boolean,
  table: KnownTable | undefined,
): boolean => {
  if (table === undefined) {
    // What is in a cell of several lines is not in its place; a line of a single cell may be part of a list in it.
    const known = new Set(cells.filter((cell) => !/[\r\n]/.test(cell)).flatMap(namesIn));
    const hasHeader = isHeader(cells);
    return lines().some(
      (line) =>
        (line.length > 1 && line.some((cell) => namesIn(cell).some((asin) => !known.has(asin)))) ||
        (!hasHeader && isHeader(line)),
    );
  }
  // In a single column every line of a cell is a row by itself; a list in quotes is read as a list.
  if (table.width === 1 || (isOneLine && cells.length >= table.width)) return false;
  const least = cellsOfRow(table);
  const known = new Set(namedInPlace(cells, table));
  // A list in quotes: read as text, those of its products that are in no place for one would be lost.
  const listed = isOneLine ? cells.flatMap(namesIn) : [];
  if (!isOneLine && hidesShortRows(cells, lines(), known, table)) return true;
  // Two lines with a product in its place are two rows, though both name the same one.
  let rows = 0;
  return lines().some((line) => {
    const names = line.length >= least ? namedInPlace(line, table) : [];
    if (listed.some((asin) => !names.includes(asin))) return false;
    if (names.length > 0) rows++;
    return rows > 1 || names.some((asin) => !known.has(asin));
  });
};
