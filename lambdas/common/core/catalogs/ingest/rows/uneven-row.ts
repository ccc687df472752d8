import { isAddress } from "../cells/amazon-address.ts";
import { isAttempt, isNearlyAsin } from "../cells/asin-attempt.ts";
import { isBlankCell, trimCell } from "../cells/cell-text.ts";
import { isIsbn10 } from "../cells/isbn.ts";
import { asinsNamed } from "../cells/name-asins.ts";
import { asinsIn, type CellPart, mayName, readProductCell } from "../cells/product-cell.ts";
import type { RowLayout } from "../columns/row-layout.ts";

/** How the table is made that a row belongs to. */
export interface TableShape {
  /** Columns of the header, or of the first row. */
  readonly width: number;
  readonly hasHeader: boolean;
  readonly delimiter: string;
}

/** The products of a row, and its cells with those taken together that were one. */
export interface UnevenRow {
  readonly cells: readonly string[];
  /** Where the products' texts go. */
  readonly column: number;
  readonly parts: readonly CellPart[];
}

/** Cells of an address or a list that may have been torn apart by its own delimiters. */
const MAX_TORN_CELLS = 20;

const partsOf = (cell: string, repair: boolean): readonly CellPart[] => {
  const read = readProductCell(cell, repair);
  return read.kind === "several" ? read.parts : [{ text: trimCell(cell), read: read.read }];
};

const names = (parts: readonly CellPart[]): boolean => parts.some(({ read }) => read.ok);

/** A number of ten digits counts outside the product's column only if it can be an ISBN: it may be a telephone's. */
const isSure = ({ text, read }: CellPart): boolean =>
  read.ok && (read.asin.startsWith("B0") || isAddress(text) || isIsbn10(read.asin));

/** Says whether a cell holds nothing but products, those with a slip in their ASIN included. */
const isMeant = (cell: string, repair: boolean): boolean => names(partsOf(cell, repair)) || isNearlyAsin(cell);

/** Products in cells that have no column for them. */
const productsBeside = (cells: readonly string[], repair: boolean): CellPart[] =>
  cells.flatMap((cell) => {
    if (!mayName(cell)) return [];
    if (isNearlyAsin(cell)) return partsOf(cell, repair);
    if (asinsIn(cell).length === 0) return [];
    const parts = partsOf(cell, repair);
    return parts.some((part) => part.read.ok && !isSure(part)) ? [] : parts;
  });

/** Cells with ASINs among other words, in a table whose only column has the products: they are not any column's text. */
const refusedBeside = (cells: readonly string[], repair: boolean): CellPart[] =>
  cells.flatMap((cell) => (asinsNamed(cell).length === 0 || asinsIn(cell).length > 0 ? [] : partsOf(cell, repair)));

/** How many cells behind `column` make an address of it that their delimiters tore apart; -1 when none do. */
const tornAddress = (cells: readonly string[], column: number, most: number, delimiter: string): number => {
  if (!mayName(cells[column] ?? "")) return -1;
  for (let more = 1; more <= most; more++) {
    if (asinsIn(cells.slice(column, column + more + 1).join(delimiter)).length > 0) return more;
  }
  return -1;
};

/** The product's cell with the cells behind it that were one list or address with it, torn apart by its delimiters. */
const productsFrom = (cells: readonly string[], column: number, shape: TableShape, repair: boolean) => {
  const own = cells[column] ?? "";
  const most = Math.max(0, Math.min(cells.length - shape.width, cells.length - column - 1));
  let more = isMeant(own, repair) ? 0 : tornAddress(cells, column, Math.min(most, MAX_TORN_CELLS), shape.delimiter);
  if (more < 0) return { parts: partsOf(own, repair), more: 0 };
  const parts = [...partsOf(cells.slice(column, column + more + 1).join(shape.delimiter), repair)];
  while (more < most && isMeant(cells[column + more + 1] ?? "", repair)) {
    more++;
    parts.push(...partsOf(cells[column + more] ?? "", repair));
  }
  return { parts, more };
};

/** An ASIN and an address of the same product are one product, in the address's shop. */
const withoutEchoes = (parts: readonly CellPart[]): CellPart[] =>
  parts.filter(
    ({ read }) =>
      !read.ok ||
      read.marketplace !== undefined ||
      !parts.some(({ read: other }) => other.ok && other.marketplace !== undefined && other.asin === read.asin),
  );

/** Products in the other cells of a row without a header: of all when none holds anything else, else of those sure. */
const productsOfOthers = (others: readonly string[], hasOwn: boolean, repair: boolean): CellPart[] => {
  const filled = others.filter((cell) => !isBlankCell(cell));
  return hasOwn && filled.every((cell) => isMeant(cell, repair))
    ? filled.flatMap((cell) => partsOf(cell, repair))
    : productsBeside(filled, repair);
};

/**
 * Finds products in a row that no column of the table has a place for: beyond the header's last column, anywhere in a row
 * of a table without a header, and in a list or address that its own delimiters tore apart.
 * @returns undefined when the row is to be judged by its columns
 */
export const productsOfUnevenRow = (
  cells: readonly string[],
  layout: RowLayout,
  shape: TableShape,
  repair: boolean,
): UnevenRow | undefined => {
  const { width, hasHeader, delimiter } = shape;
  // A list: what a line of it says is in its one cell.
  if (!hasHeader && cells.length === 1) return undefined;
  const column = layout.products.find((index) => !isBlankCell(cells[index] ?? "")) ?? layout.products[0] ?? 0;
  const { parts, more } = productsFrom(cells, column, shape, repair);
  const before = cells.slice(0, column);
  const after = cells.slice(column + more + 1);
  const whole = more === 0 ? cells : [...before, cells.slice(column, column + more + 1).join(delimiter), ...after];
  const beyond = hasHeader ? whole.slice(width) : [];
  const beside = hasHeader
    ? productsBeside(beyond, repair)
    : productsOfOthers([...before, ...after], names(parts), repair);
  if (hasHeader && width === 1) beside.push(...refusedBeside(beyond, repair));
  if (more === 0 && beside.length === 0) return undefined;
  const own = cells[column] ?? "";
  if (names(parts) || (!isBlankCell(own) && isAttempt(own))) {
    const all = [...parts, ...beside];
    return { cells: whole, column, parts: hasHeader ? all : withoutEchoes(all) };
  }
  // Text in the place of the product: under a header the row is shifted, and nobody knows what its cells mean.
  return hasHeader && !isBlankCell(own) ? undefined : { cells: whole, column, parts: withoutEchoes(beside) };
};
