import { ASIN_CHARACTERS } from "../../../products/asin.ts";
import { isBlankCell } from "../cells/cell-text.ts";
import { asinsNamed, furtherRejects } from "../cells/name-asins.ts";
import { mayName, namesIn } from "../cells/product-cell.ts";
import type { RowLayout } from "../columns/row-layout.ts";
import { SHOWN_VALUE_CHARACTERS } from "../ingest-limits.ts";
import type { ProductJudgement } from "./accept-product.ts";
import { endsInOther, mayBeTorn, namesOfPlace, namesOfStray, namesOfTorn } from "./place-names.ts";
import type { TableShape } from "./uneven-row.ts";

/** A cell with products that nothing was made of. */
export interface LeftOver {
  readonly value: string;
  readonly asins: readonly string[];
  /** Whether it is in a column of other text. */
  readonly isMoved: boolean;
}

/** What is known of a record: that the one before it is no whole row, or that its cells may be cut at other places than meant. */
export type Damage = "none" | "row" | "cells";

/** Cells of a row, without empty ones that only a delimiter at its end makes more than the columns. */
const lengthOf = (cells: readonly string[], { width }: TableShape): number => {
  let length = cells.length;
  while (length > width && isBlankCell(cells[length - 1] ?? "")) length--;
  return length;
};

/**
 * Columns in which a product may be: of a table without a header all, else those of its columns. In a row with more cells
 * than columns nobody knows to which column a cell behind the product's belongs.
 */
const placesOf = (
  cells: readonly string[],
  { products, twins }: RowLayout,
  shape: TableShape | undefined,
  isOne: boolean,
): readonly number[] => {
  if (shape?.hasHeader === false) return [...cells.keys()];
  const own = twins ?? products.slice(0, 1);
  if (shape === undefined || (isOne ? lengthOf(cells, shape) : cells.length) <= shape.width) return own;
  const first = Math.min(...own);
  return [...cells.keys()].filter((column) => column >= first);
};

/** A record of a table with a header, and what is known of it. */
interface HeadedRecord {
  readonly cells: readonly string[];
  readonly layout: RowLayout;
  readonly shape: TableShape;
  readonly damage: Damage;
  /** Columns that it has no cell for; below 0: it has more cells than columns. */
  readonly missing: number;
  /** Whether its cells may be in other columns than meant. */
  readonly isUneven: boolean;
}

/**
 * Whether a product may have got into a column of other text. A delimiter that is missing moves cells to the left, and so
 * does a line break inside the row or the one before. A list that is parted by the table's delimiter and a blank goes on
 * in the cells behind the product's.
 */
const mayHaveMoved = (column: number, { cells, layout, damage, missing }: HeadedRecord): boolean => {
  const { products } = layout;
  if (damage === "cells") return true;
  if (products.some((place) => column < place && (missing < 0 || damage !== "none" || place <= column + missing)))
    return true;
  const [own = -1] = products;
  return (
    column > own && cells.slice(own + 1, column + 1).every((cell) => /^\s/.test(cell) && namesOfPlace(cell).length > 0)
  );
};

/** Products in a cell that a stray quote made of several: the quote is still there, or products stand in it beside text. */
const hiddenCells = (value: string, { delimiter }: TableShape): readonly string[] => {
  if (!value.includes(delimiter)) return [];
  if (value.startsWith('"')) return namesOfPlace(value);
  const named = value.split(delimiter).map(namesIn);
  const products = named.filter((names) => names.length > 0).length;
  return products > 1 && products < named.length ? named.flat() : [];
};

const NONE: readonly LeftOver[] = [];

/** Products in cells of other text: of a damaged row those that may have moved there, and what was torn in two. */
const strays = (
  cells: readonly string[],
  layout: RowLayout,
  shape: TableShape | undefined,
  damage: Damage,
): readonly LeftOver[] => {
  if (!shape?.hasHeader) return NONE;
  const { products, others } = layout;
  const missing = shape.width - lengthOf(cells, shape);
  const isUneven = damage !== "none" || missing !== 0;
  const record = { cells, layout, shape, damage, missing, isUneven };
  let found = NONE;
  // By index and with the quick questions first, as this runs for every cell of a file.
  for (let column = 0; column < cells.length; column++) {
    const value = cells[column] ?? "";
    if (value.length < ASIN_CHARACTERS || products.includes(column) || others?.includes(column)) continue;
    if (!isUneven && !value.includes(shape.delimiter) && !mayBeTorn(value)) continue;
    if (!mayName(value)) continue;
    const asins = straysIn(value, column, record);
    if (asins.length > 0) found = [...found, { value, asins, isMoved: true }];
  }
  return found;
};

const straysIn = (value: string, column: number, record: HeadedRecord): readonly string[] => {
  const torn = namesOfTorn(value);
  if (torn.length > 0) return torn;
  const hidden = hiddenCells(value, record.shape);
  if (hidden.length > 0) return hidden;
  const { asins, hasHalf } = namesOfStray(value);
  return (record.isUneven && hasHalf) || mayHaveMoved(column, record) ? asins : [];
};

/** Whether a cell holds nothing but the product that was read of it. */
const isPlain = (product: ProductJudgement | undefined, cell = ""): boolean =>
  product?.kind === "accepted" && !/\s/.test(cell) && !endsInOther(cell, product.asin);

/** ASINs that the report has of a product. */
const namedBy = (product: ProductJudgement, cells: readonly string[]): string[] => {
  if (product.kind === "accepted") return [product.asin];
  const rows = [
    { ...product, value: product.value.slice(0, SHOWN_VALUE_CHARACTERS) },
    ...furtherRejects(product, cells),
  ];
  return rows.flatMap(({ value, reason }) => asinsNamed(`${value} ${reason}`));
};

/**
 * Products that a record names where products are expected, or may have got, and of which nothing was made, neither a row
 * nor a rejected one: in brackets or behind an apostrophe beside another product, among words, behind a stray quote.
 * @param products that were made of the record
 */
export const leftOver = (
  cells: readonly string[],
  layout: RowLayout,
  shape: TableShape | undefined,
  products: readonly ProductJudgement[],
  damage: Damage,
): LeftOver[] => {
  const isOne = products.length === 1 && products[0]?.kind === "accepted";
  const places = placesOf(cells, layout, shape, isOne);
  const hasRefused = products.some(({ kind }) => kind === "invalid");
  const moved = strays(cells, layout, shape, hasRefused ? "cells" : damage);
  const [only = -1] = places;
  // Nearly every row: one place, read as one product.
  if (places.length === 1 && moved.length === 0 && products.length === 1 && isPlain(products[0], cells[only]))
    return [];
  const taken = new Set(products.flatMap((product) => namedBy(product, cells)));
  const found = places.map((column): LeftOver => {
    const value = cells[column] ?? "";
    return { value, asins: namesOfPlace(value), isMoved: false };
  });
  return [...found, ...moved].flatMap((one) => {
    const asins = [...new Set(one.asins)].filter((asin) => !taken.has(asin));
    for (const asin of asins) taken.add(asin);
    return asins.length === 0 ? [] : [{ ...one, asins }];
  });
};

/** Whether a record has as many cells as the table has columns. */
export const isWholeRow = (cells: readonly string[], shape: TableShape | undefined): boolean =>
  shape === undefined || lengthOf(cells, shape) === shape.width;
