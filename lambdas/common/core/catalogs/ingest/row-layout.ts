import { isAddress } from "./amazon-address.ts";
import { readAsinCell } from "./asin-cell.ts";
import { ColumnNames } from "./column-names.ts";
import { brokenCatalog } from "./ingest-errors.ts";

/** Column names that can name the product, the best first. */
const PRODUCT_COLUMNS = ["asin", "url", "link", "product_url"] as const;

/** Where the columns that Enrichline reads are; of several for the same, the first one with text counts. */
export interface RowLayout {
  /** Columns that can name the product, the best first. */
  readonly products: readonly number[];
  readonly marketplace: readonly number[];
  readonly sku: readonly number[];
}

const plain = (name: string): string => name.trim().toLowerCase();

/** Finds the columns by their names, trimmed and in any letter case. `products` is empty when none is usable. */
export const layoutOf = (names: readonly string[]): RowLayout => {
  const found = names.map(plain);
  const named = (name: string): number[] => found.flatMap((other, index) => (other === name ? [index] : []));
  return { products: PRODUCT_COLUMNS.flatMap(named), marketplace: named("marketplace"), sku: named("sku") };
};

/** How the first record of a table is to be taken. */
export interface TableHead {
  readonly layout: RowLayout;
  readonly columns: readonly string[];
  /** False when the first record is already a row. */
  readonly hasHeader: boolean;
}

/** What heads a column of figures: a month, a day, or a word with a year behind it. */
const DATED =
  /^(?:\d{4}[-./]\d{1,2}(?:[-./]\d{1,2})?|\d{1,2}[-./]\d{1,2}[-./]\d{4}|[A-Z][A-Z\d]*[-._]?(?:19|20)\d{2})$/i;

/** A number or code that someone meant as an ASIN: then it is a bad row and not the name of a column. */
const isAttempt = (cell: string): boolean => {
  const text = cell.trim();
  if (isAddress(text) || /^B0[A-Z0-9]{5,12}$/i.test(text)) return true;
  if (DATED.test(text)) return false;
  return /^[A-Z0-9.+-]{7,14}$/i.test(text) && (text.match(/\d/g)?.length ?? 0) >= 4;
};

/**
 * Takes the first record that is not blank for a header, or, in a file without one, for the first row.
 * @throws ValidationError `missing_asin_column` naming the columns found and the fix, or as `ColumnNames` does
 */
export const readTableHead = (record: readonly string[]): TableHead => {
  const layout = layoutOf(record);
  if (layout.products.length > 0) {
    const names = new ColumnNames();
    for (const name of record) names.add(name);
    return { layout, columns: [...record], hasHeader: true };
  }
  const asin = record.findIndex((cell) => readAsinCell(cell, false).ok);
  const product = asin >= 0 ? asin : record.findIndex(isAttempt);
  if (product >= 0) {
    const columns = record.map((_, index) => (index === product ? "asin" : `column_${index + 1}`));
    return { layout: { products: [product], marketplace: [], sku: [] }, columns, hasHeader: false };
  }
  const found = record.slice(0, 20).map((cell) => `"${cell.trim().slice(0, 40)}"`);
  throw brokenCatalog(
    "missing_asin_column",
    `No column names the products. Columns found: ${found.join(", ")}. Rename the column with the ASINs to asin, or the one with product addresses to url.`,
  );
};
