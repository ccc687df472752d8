import { readAsinCell } from "../cells/asin-cell.ts";
import { isBlankCell } from "../cells/cell-text.ts";
import { asinsIn } from "../cells/product-cell.ts";

/**
 * Says whether a column that can name the product names another one than those that were read from the row: an address
 * of a parent or of a variant beside the ASIN, mostly.
 * @param columns that can name the product
 * @param read ASINs of the row
 */
export const namesOthers = (cells: readonly string[], columns: readonly number[], read: readonly string[]): boolean =>
  columns.some((column) => {
    const cell = cells[column] ?? "";
    if (isBlankCell(cell)) return false;
    const one = readAsinCell(cell, false);
    const asins = one.ok ? [one.asin] : asinsIn(cell);
    return asins.some((asin) => !read.includes(asin));
  });
