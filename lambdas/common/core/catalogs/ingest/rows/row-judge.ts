import { isBlankCell, isPlaceholder, trimCell } from "../cells/cell-text.ts";
import { nameAsins } from "../cells/name-asins.ts";
import { type CellPart, type ProductCell, readProductCell } from "../cells/product-cell.ts";
import type { RowLayout } from "../columns/row-layout.ts";
import { MAX_REPEATED_CHARACTERS } from "../ingest-limits.ts";
import { acceptProduct, type JudgeOptions, type ProductJudgement, textOf } from "./accept-product.ts";
import { namesOthers } from "./other-products.ts";
import { productsOfUnevenRow, type TableShape } from "./uneven-row.ts";

/** What one record is. */
export type RowJudgement =
  | { readonly kind: "blank" }
  | ProductJudgement
  /** Several products, each with the cells of its row: the record's, with its own text in the product's place. */
  | {
      readonly kind: "several";
      readonly rows: readonly { readonly cells: string[]; readonly judged: ProductJudgement }[];
    };

/** A record with what its user should know. */
export type JudgedRow = RowJudgement & {
  /** Whether what may name the product names another one, which is not read; absent when nothing does. */
  readonly isBesideOther?: true;
};

/** For JSON without any key that Enrichline reads; a table without such a column is refused. */
const NO_PRODUCT_KEY =
  "the product has no ASIN: give it under asin or url, or name the key that has it by asin_column or url_column";

const BLANK: RowJudgement = { kind: "blank" };

/** The column that names the product: the first with more than a placeholder, else one with a placeholder, else -1. */
const productColumn = (cells: readonly string[], columns: readonly number[]): number => {
  let placeholder = -1;
  for (const column of columns) {
    const text = trimCell(cells[column] ?? "");
    if (text === "") continue;
    if (!isPlaceholder(text)) return column;
    if (placeholder < 0) placeholder = column;
  }
  return placeholder;
};

type Invalid = ProductJudgement & { readonly kind: "invalid" };

/** Adds the ASINs that a refused row names. @param others other cells, where ten digits may be any number */
const withNames = (judged: Invalid, text: string, others: readonly string[] = []): Invalid => ({
  ...judged,
  reason: nameAsins(judged.reason, judged.value, text, others),
});

/** Judges each product of a record with several. @param used column where their texts go */
const judgeParts = (
  parts: readonly CellPart[],
  cells: readonly string[],
  used: number,
  layout: RowLayout,
  options: JudgeOptions,
): RowJudgement => {
  let beside = 0;
  for (let column = 0; column < cells.length; column++) if (column !== used) beside += cells[column]?.length ?? 0;
  if (beside * parts.length > MAX_REPEATED_CHARACTERS) {
    const value = cells[used] ?? "";
    const reason = `holds ${parts.length} products beside ${beside} characters of other text, too much to repeat for each: put each in a row of its own`;
    return { kind: "invalid", value, reason };
  }
  const rows = parts.map(({ text, read }) => {
    const own = [...cells];
    if (parts.length > 1) {
      // A row that is short has no cell there yet.
      while (own.length < used) own.push("");
      own[used] = text;
    }
    if (!read.ok) {
      return { cells: own, judged: withNames({ kind: "invalid", value: text, reason: read.reason }, text) };
    }
    const judged = acceptProduct(read, own, used, layout, options);
    return { cells: own, judged: judged.kind === "invalid" ? withNames(judged, read.asin) : judged };
  });
  return { kind: "several", rows };
};

/** Judges the cell of the product's column. */
const judgeCell = (
  cell: ProductCell,
  cells: readonly string[],
  used: number,
  layout: RowLayout,
  options: JudgeOptions,
): RowJudgement => {
  const value = cells[used] ?? "";
  if (cell.kind === "one") {
    if (cell.read.ok) return acceptProduct(cell.read, cells, used, layout, options);
    return { kind: "invalid", value, reason: cell.read.reason };
  }
  if (cell.onlyBlanks && textOf(cells, layout.sku) !== "") {
    const reason = `holds ${cell.parts.length} ASINs with nothing but blanks between them, and the row has one SKU: put each in a row of its own, or commas between them`;
    return { kind: "invalid", value, reason };
  }
  return judgeParts(cell.parts, cells, used, layout, options);
};

/** Products in columns of one name, when they name more than one; what is no ASIN there is a refused part. */
const twinParts = (cells: readonly string[], twins: readonly number[]): CellPart[] => {
  const parts = twins.flatMap((column): readonly CellPart[] => {
    const text = trimCell(cells[column] ?? "");
    if (text === "" || isPlaceholder(text)) return [];
    const cell = readProductCell(text, false);
    return cell.kind === "several" ? cell.parts : [{ text, read: cell.read }];
  });
  const asins = new Set(parts.flatMap(({ read }) => (read.ok ? [read.asin] : [])));
  return asins.size > 1 ? parts : [];
};

/** ASINs of the products that a record was accepted with. */
export const readAsins = (judged: RowJudgement): string[] => {
  const products = judged.kind === "several" ? judged.rows.map((row) => row.judged) : [judged];
  return products.flatMap((product) => (product.kind === "accepted" ? [product.asin] : []));
};

/** Adds what must not be lost: ASINs anywhere in a refused row, and that an accepted one has another product beside. */
const withWords = (judged: RowJudgement, cells: readonly string[], { products }: RowLayout): JudgedRow => {
  if (judged.kind === "invalid") {
    const text = products.map((column) => cells[column] ?? "").join(" ");
    return withNames(judged, `${judged.value} ${text}`, cells);
  }
  const isBesideOther = namesOthers(cells, products, readAsins(judged));
  return isBesideOther ? { ...judged, isBesideOther } : judged;
};

/**
 * Judges one record. The shop is the marketplace column's, else the address's, else that of a column which says a shop
 * among other things, else the upload's. Missing and extra columns do not matter, unless the extra ones name products;
 * a record with nothing but white space is blank.
 * @param shape of the table; undefined for what has no columns of its own, such as JSON
 */
export const judgeRow = (
  cells: readonly string[],
  layout: RowLayout,
  options: JudgeOptions,
  shape?: TableShape,
): JudgedRow => withWords(judge(cells, layout, options, shape), cells, layout);

const judge = (
  cells: readonly string[],
  layout: RowLayout,
  options: JudgeOptions,
  shape: TableShape | undefined,
): RowJudgement => {
  if (shape !== undefined && (!shape.hasHeader || cells.length > shape.width)) {
    const uneven = productsOfUnevenRow(cells, layout, shape, options.repairLeadingZeros);
    if (uneven) return judgeParts(uneven.parts, uneven.cells, uneven.column, layout, options);
  }
  if (layout.twins) {
    const parts = twinParts(cells, layout.twins);
    if (parts.length > 0) return judgeParts(parts, cells, layout.twins[0] ?? 0, layout, options);
  }
  const first = layout.products[0] ?? -1;
  const cell = readProductCell(cells[first] ?? "", options.repairLeadingZeros);
  if (cell.kind === "several" || cell.read.ok) return judgeCell(cell, cells, first, layout, options);
  const used = productColumn(cells, layout.products);
  if (used < 0 && cells.every(isBlankCell)) return BLANK;
  if (layout.products.length === 0) return { kind: "invalid", value: "", reason: NO_PRODUCT_KEY };
  const own = used === first ? cell : readProductCell(cells[used] ?? "", options.repairLeadingZeros);
  return judgeCell(own, cells, used, layout, options);
};
