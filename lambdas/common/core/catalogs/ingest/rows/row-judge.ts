import { readAddress } from "../cells/amazon-address.ts";
import type { AsinCell } from "../cells/asin-cell.ts";
import { isBlankCell, isPlaceholder, trimCell, unwrapFormula } from "../cells/cell-text.ts";
import { nameAsins } from "../cells/name-asins.ts";
import { asinsIn, type CellPart, type ProductCell, readProductCell } from "../cells/product-cell.ts";
import { shopNamed } from "../cells/shop-name.ts";
import type { RowLayout } from "../columns/row-layout.ts";
import { MAX_REPEATED_CHARACTERS, MAX_SKU_CHARACTERS } from "../ingest-limits.ts";
import { productsOfUnevenRow, type TableShape } from "./uneven-row.ts";

/** How rows of one file are judged. */
export interface JudgeOptions {
  /** Shop of a row that names none, by code. */
  readonly marketplace: string;
  readonly repairLeadingZeros: boolean;
}

/** What one product of a record is, before repeats are told apart. */
export type ProductJudgement =
  | { readonly kind: "invalid"; readonly value: string; readonly reason: string }
  | {
      readonly kind: "accepted";
      readonly asin: string;
      readonly marketplace: string;
      /** Empty when the row has none. */
      readonly sku: string;
      readonly repaired: boolean;
      /** Column that named the shop though it is not called marketplace; absent for all others. */
      readonly shopHint?: number;
    };

/** What one record is. */
export type RowJudgement =
  | { readonly kind: "blank" }
  | ProductJudgement
  /** Several products, each with the cells of its row: the record's, with its own text where the products stood. */
  | {
      readonly kind: "several";
      readonly rows: readonly { readonly cells: string[]; readonly judged: ProductJudgement }[];
    };

const BLANK: RowJudgement = { kind: "blank" };

/** Text of the first of these columns that has any. */
const textOf = (cells: readonly string[], columns: readonly number[]): string => {
  for (const column of columns) {
    const text = trimCell(cells[column] ?? "");
    if (text !== "") return unwrapFormula(text);
  }
  return "";
};

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

/** Shop named by an address column beside the ASIN's own, if it is an address of one. */
const marketplaceBeside = (cells: readonly string[], columns: readonly number[], used: number): string | undefined => {
  for (const column of columns) {
    const cell = column === used ? "" : trimCell(cells[column] ?? "");
    const address = cell === "" ? undefined : readAddress(cell);
    if (address?.kind === "product" || address?.kind === "other-page") return address.marketplace;
  }
  return undefined;
};

/** The first column of these whose text names a shop, and the shop's code. */
const hintedShop = (cells: readonly string[], columns: readonly number[]) => {
  for (const column of columns) {
    const marketplace = isBlankCell(cells[column] ?? "") ? undefined : shopNamed(cells[column] ?? "");
    if (marketplace) return { marketplace, shopHint: column };
  }
  return undefined;
};

/** Judges what a row says beside its product. @param used column of the product */
const acceptProduct = (
  read: AsinCell & { readonly ok: true },
  cells: readonly string[],
  used: number,
  layout: RowLayout,
  options: JudgeOptions,
): ProductJudgement => {
  const { asin, repaired } = read;
  const sku = textOf(cells, layout.sku);
  if (sku.length > MAX_SKU_CHARACTERS) {
    const reason = `the SKU has ${sku.length} characters, at most ${MAX_SKU_CHARACTERS} can be kept: shorten it`;
    return { kind: "invalid", value: sku, reason: nameAsins(reason, sku, asin) };
  }
  const named = textOf(cells, layout.marketplace);
  if (named !== "") {
    const marketplace = shopNamed(named);
    if (marketplace) return { kind: "accepted", asin, marketplace, sku, repaired };
    const reason = "is not a marketplace that is served: use one such as www.amazon.com, amazon.de or UK";
    return { kind: "invalid", value: named, reason: nameAsins(reason, named, asin) };
  }
  const addressed =
    read.marketplace ?? (layout.products.length > 1 ? marketplaceBeside(cells, layout.products, used) : undefined);
  const hint = addressed === undefined && layout.shopHints ? hintedShop(cells, layout.shopHints) : undefined;
  if (hint) return { kind: "accepted", asin, sku, repaired, ...hint };
  return { kind: "accepted", asin, marketplace: addressed ?? options.marketplace, sku, repaired };
};

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
    return { kind: "invalid", value, reason: nameAsins(reason, value, parts.map(({ text }) => text).join(" ")) };
  }
  const rows = parts.map(({ text, read }) => {
    const own = [...cells];
    if (parts.length > 1) own[used] = text;
    const judged: ProductJudgement = read.ok
      ? acceptProduct(read, own, used, layout, options)
      : { kind: "invalid", value: text, reason: read.reason };
    return { cells: own, judged };
  });
  return { kind: "several", rows };
};

/** Judges what stands in the product's column. */
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
    // What the row's other product columns say is not read in the place of a wrong ASIN, but must not be lost.
    const others = layout.products.flatMap((column) => (column === used ? [] : asinsIn(cells[column] ?? "")));
    return { kind: "invalid", value, reason: nameAsins(cell.read.reason, value, [value, ...others].join(" ")) };
  }
  if (cell.onlyBlanks && textOf(cells, layout.sku) !== "") {
    const reason = `holds ${cell.parts.length} ASINs with nothing but blanks between them, and the row has one SKU: put each in a row of its own, or commas between them`;
    return { kind: "invalid", value, reason: nameAsins(reason, value, value) };
  }
  return judgeParts(cell.parts, cells, used, layout, options);
};

/** Products in columns of one name, when more than one of them names one. */
const twinParts = (cells: readonly string[], twins: readonly number[]): CellPart[] => {
  const parts: CellPart[] = [];
  for (const column of twins) {
    const cell = readProductCell(cells[column] ?? "", false);
    if (cell.kind === "several") parts.push(...cell.parts);
    else if (cell.read.ok) parts.push({ text: trimCell(cells[column] ?? ""), read: cell.read });
  }
  const asins = new Set(parts.map(({ read }) => (read.ok ? read.asin : "")));
  return asins.size > 1 ? parts : [];
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
  const judged = judgeCell(
    used === first ? cell : readProductCell(cells[used] ?? "", options.repairLeadingZeros),
    cells,
    used,
    layout,
    options,
  );
  // Shifted by a delimiter in a cell without quotes, perhaps: then the ASIN stands where nobody looks for it.
  if (judged.kind !== "invalid" || shape === undefined || cells.length <= shape.width) return judged;
  return { ...judged, reason: nameAsins(judged.reason, judged.value, cells.join(" ")) };
};
