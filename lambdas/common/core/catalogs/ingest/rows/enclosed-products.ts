import { isAddress } from "../cells/amazon-address.ts";
import { trimCell } from "../cells/cell-text.ts";
import { asinsNamed, isSureAsin } from "../cells/name-asins.ts";
import { namesIn } from "../cells/product-cell.ts";
import type { RowLayout } from "../columns/row-layout.ts";
import type { ProductJudgement } from "./accept-product.ts";
import { namesOfStray } from "./place-names.ts";
import type { TableShape } from "./uneven-row.ts";

/** A product on a line that quotes made a part of another row. */
export interface EnclosedProduct {
  /** Lines below the record's first one. */
  readonly below: number;
  readonly value: string;
}

/** Ten digits alone may be any number, in an address they are a product. */
const sureNames = (cell: string): string[] => [
  ...namesIn(cell).filter((asin) => isSureAsin(asin) || isAddress(trimCell(cell))),
  ...besideHalf(cell),
];

/** Products beside the half of another one: a text does not look like that, a line that a line break tore does. */
const besideHalf = (cell: string): readonly string[] => {
  const { asins, hasHalf } = namesOfStray(cell);
  return hasHalf ? asins : [];
};

/** How often each ASIN is read, or is in the value of a rejected product. */
const timesTaken = (products: readonly ProductJudgement[]): Map<string, number> => {
  const times = new Map<string, number>();
  for (const product of products) {
    const asins = product.kind === "accepted" ? [product.asin] : asinsNamed(product.value);
    for (const asin of asins) times.set(asin, (times.get(asin) ?? 0) + 1);
  }
  return times;
};

/** ASINs that the reasons of rejected products name: those say nothing of lines farther down. */
const inReasons = (products: readonly ProductJudgement[]): ReadonlySet<string> =>
  new Set(products.flatMap((product) => (product.kind === "invalid" ? asinsNamed(product.reason) : [])));

/**
 * Products that the lines of a record have alone in a cell and that were not read with it. A row that lacks cells looks
 * like the rest of a text in several lines when the row above it opens a quote and it closes one. A line that fills the
 * table's columns counts with its products' columns, a shorter one with all cells.
 * @param lines cells of each line of the record, as if no quote were open
 * @param products that were made of the record
 */
export const enclosedProducts = (
  lines: readonly (readonly string[])[],
  layout: RowLayout,
  shape: TableShape,
  products: readonly ProductJudgement[],
): EnclosedProduct[] => {
  const times = timesTaken(products);
  const reasons = inReasons(products);
  return lines.flatMap((line, below) => {
    const isWhole = shape.hasHeader && line.length === shape.width;
    const cells = isWhole ? layout.products.map((column) => line[column] ?? "") : line;
    const found = new Map(cells.flatMap((value) => sureNames(value).map((asin) => [asin, value] as const)));
    return [...found].flatMap(([asin, value]) => {
      const left = times.get(asin) ?? 0;
      times.set(asin, left - 1);
      return left > 0 || (below === 0 && reasons.has(asin)) ? [] : [{ below, value }];
    });
  });
};
