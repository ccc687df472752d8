import { findMarketplace } from "../../products/marketplaces.ts";
import { readAddress } from "./amazon-address.ts";
import { readAsinCell } from "./asin-cell.ts";
import { MAX_SKU_CHARACTERS } from "./ingest-limits.ts";
import type { RowLayout } from "./row-layout.ts";

/** How rows of one file are judged. */
export interface JudgeOptions {
  /** Shop of a row that names none, by code. */
  readonly marketplace: string;
  readonly repairLeadingZeros: boolean;
}

/** What one record is, before repeats are found. */
export type RowJudgement =
  | { readonly kind: "blank" }
  | { readonly kind: "invalid"; readonly value: string; readonly reason: string }
  | {
      readonly kind: "accepted";
      readonly asin: string;
      readonly marketplace: string;
      /** Empty when the row has none. */
      readonly sku: string;
      readonly repaired: boolean;
    };

const BLANK: RowJudgement = { kind: "blank" };

const isEmpty = (cell: string): boolean => cell === "" || cell.trim() === "";

/** Text of the first of these columns that has any. */
const textOf = (cells: readonly string[], columns: readonly number[]): string => {
  for (const column of columns) {
    const text = (cells[column] ?? "").trim();
    if (text !== "") return text;
  }
  return "";
};

/** Shop named by an address column beside the ASIN's own, if it is an address of one. */
const marketplaceBeside = (cells: readonly string[], columns: readonly number[], used: number): string | undefined => {
  for (const column of columns) {
    const cell = column === used ? "" : (cells[column] ?? "").trim();
    const address = cell === "" ? undefined : readAddress(cell);
    if (address?.kind === "product" || address?.kind === "other-page") return address.marketplace;
  }
  return undefined;
};

/**
 * Judges one record. The shop is the marketplace column's, else the address's, else the upload's. Missing and extra
 * columns do not matter; a record with nothing but white space is blank.
 */
export const judgeRow = (cells: readonly string[], layout: RowLayout, options: JudgeOptions): RowJudgement => {
  let used = layout.products[0] ?? -1;
  let value = cells[used] ?? "";
  if (isEmpty(value)) {
    for (const column of layout.products) {
      if (isEmpty(cells[column] ?? "")) continue;
      used = column;
      value = cells[column] ?? "";
      break;
    }
    if (isEmpty(value) && cells.every(isEmpty)) return BLANK;
  }
  const read = readAsinCell(value, options.repairLeadingZeros);
  if (!read.ok) return { kind: "invalid", value, reason: read.reason };
  const sku = textOf(cells, layout.sku);
  if (sku.length > MAX_SKU_CHARACTERS) {
    const reason = `the SKU has ${sku.length} characters, at most ${MAX_SKU_CHARACTERS} can be kept: shorten it`;
    return { kind: "invalid", value: sku, reason };
  }
  const named = textOf(cells, layout.marketplace);
  if (named !== "") {
    const marketplace = findMarketplace(named)?.code;
    if (marketplace) return { kind: "accepted", asin: read.asin, marketplace, sku, repaired: read.repaired };
    const reason = "is not a marketplace that is served: use one such as www.amazon.com, amazon.de or UK";
    return { kind: "invalid", value: named, reason };
  }
  const marketplace =
    read.marketplace ??
    (layout.products.length > 1 ? marketplaceBeside(cells, layout.products, used) : undefined) ??
    options.marketplace;
  return { kind: "accepted", asin: read.asin, marketplace, sku, repaired: read.repaired };
};
