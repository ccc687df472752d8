import { readAsinCell } from "../cells/asin-cell.ts";
import { trimCell } from "../cells/cell-text.ts";
import { asinsNamed, furtherRejects, isSureAsin } from "../cells/name-asins.ts";
import { mayName } from "../cells/product-cell.ts";
import type { RowLayout } from "../columns/row-layout.ts";
import { SHOWN_VALUE_CHARACTERS } from "../ingest-limits.ts";
import type { ProductJudgement } from "./accept-product.ts";
import type { TableShape } from "./uneven-row.ts";

/** A cell with products that nothing was made of. */
export interface LeftOver {
  readonly value: string;
  readonly asins: readonly string[];
}

/** Query and fragment of an address, up to what may part it from the next product. */
const QUERY = /[?#][^\s,;|]*/g;

/** What a cell in the place of a product names, whatever stands around it; none of an address that is read as a whole. */
const namesOf = (cell: string): string[] => {
  if (!mayName(cell)) return [];
  const one = readAsinCell(cell, false);
  // Behind a blank an address has ended.
  return one.ok && !/\s/.test(trimCell(cell)) ? [one.asin] : asinsNamed(cell.replace(QUERY, "")).filter(isSureAsin);
};

/**
 * Cells in which a product may be: of a table without a header all, else those of its columns. In a row with more cells
 * than columns nobody knows to which column a cell behind the product's belongs.
 */
const placesOf = (
  cells: readonly string[],
  { products, twins }: RowLayout,
  shape: TableShape | undefined,
): readonly string[] => {
  if (shape?.hasHeader === false) return cells;
  const own = twins ?? products.slice(0, 1);
  if (shape !== undefined && cells.length > shape.width) return cells.slice(Math.min(...own));
  return own.map((column) => cells[column] ?? "");
};

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
 * Products that a record names where products are expected and of which nothing was made, neither a row nor a rejected
 * one: in brackets or behind an apostrophe beside another product, among words, behind a stray quote.
 * @param products that were made of the record
 */
export const leftOver = (
  cells: readonly string[],
  layout: RowLayout,
  shape: TableShape | undefined,
  products: readonly ProductJudgement[],
): LeftOver[] => {
  const places = placesOf(cells, layout, shape);
  // Nearly every row: one place, read as one product.
  const [only] = places;
  if (places.length === 1 && products.length === 1 && products[0]?.kind === "accepted" && !/\s/.test(only ?? ""))
    return [];
  const taken = new Set(products.flatMap((product) => namedBy(product, cells)));
  return places.flatMap((value) => {
    const asins = namesOf(value).filter((asin) => !taken.has(asin));
    for (const asin of asins) taken.add(asin);
    return asins.length === 0 ? [] : [{ value, asins }];
  });
};
