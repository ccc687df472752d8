import { isAddress } from "../cells/amazon-address.ts";
import { isAttempt, isNearlyAsin } from "../cells/asin-attempt.ts";
import { trimCell } from "../cells/cell-text.ts";
import { asinsIn } from "../cells/product-cell.ts";
import { brokenCatalog } from "../ingest-errors.ts";
import { ColumnNames } from "./column-names.ts";
import {
  type ColumnChoice,
  columnNotFound,
  layoutOf,
  missingChoice,
  type RowLayout,
  shownNames,
} from "./row-layout.ts";

/** Records among which the header is looked for; titles and dates of a report may be above it. */
export const HEADER_WITHIN_RECORDS = 10;

/** How the records at the start of a table are to be taken. */
export interface TableHead {
  readonly layout: RowLayout;
  readonly columns: readonly string[];
  /** False when the first record is already a row. */
  readonly hasHeader: boolean;
}

const namesProducts = (cell: string): boolean => asinsIn(cell).length > 0;

/** Says whether a record in the first lines names products, so that it is a row and no title above the header. */
export const looksLikeRow = (record: readonly string[]): boolean =>
  record.some((cell) => namesProducts(cell) || isAddress(trimCell(cell)) || isNearlyAsin(cell));

/**
 * Says whether a record is a header: it names a column with products, and all columns that the user chose. A record with
 * an ASIN in it is a row, whatever else it says.
 */
export const isHeader = (record: readonly string[], choice: ColumnChoice = {}): boolean =>
  layoutOf(record, choice).products.length > 0 &&
  missingChoice(record, choice) === undefined &&
  !record.some(namesProducts);

/** What an open quote does to the names of columns. */
const openQuote = (line: number | undefined): string =>
  line === undefined
    ? ""
    : ` Line ${line} opens a quote (") that nothing closes there, so that its text was taken as it stands: remove the quote, or close it in the same line.`;

const withoutHeader = (record: readonly string[], openQuoteLine: number | undefined): TableHead => {
  const asin = record.findIndex(namesProducts);
  const product = asin >= 0 ? asin : record.findIndex(isAttempt);
  if (product >= 0) {
    const columns = record.map((_, index) => (index === product ? "asin" : `column_${index + 1}`));
    return { layout: { products: [product], marketplace: [], sku: [] }, columns, hasHeader: false };
  }
  throw brokenCatalog(
    "missing_asin_column",
    `No column names the products. Columns found: ${shownNames(record)}. Rename the column with the ASINs to asin or the one with product addresses to url, or name it by asin_column or url_column.${openQuote(openQuoteLine)}`,
  );
};

/**
 * Takes a record for the header or, in a file without one, for the first row.
 * @param openQuoteLine first line in which a quote is open that nothing closes; absent when there is none
 * @throws ValidationError `missing_asin_column` naming the columns found and the fix, `column_not_found` when a column
 * that the user named is not there, or as `ColumnNames` does
 */
export const readTableHead = (
  record: readonly string[],
  choice: ColumnChoice = {},
  openQuoteLine?: number,
): TableHead => {
  const missing = missingChoice(record, choice);
  if (missing !== undefined) throw columnNotFound(missing, record);
  if (!isHeader(record, choice)) return withoutHeader(record, openQuoteLine);
  const names = new ColumnNames();
  for (const name of record) names.add(name);
  return { layout: layoutOf(record, choice), columns: [...record], hasHeader: true };
};
