import { readAddress } from "../cells/amazon-address.ts";
import type { AsinCell } from "../cells/asin-cell.ts";
import { isBlankCell, trimCell, unwrapFormula } from "../cells/cell-text.ts";
import { shopNamed } from "../cells/shop-name.ts";
import type { RowLayout } from "../columns/row-layout.ts";
import { MAX_SKU_CHARACTERS } from "../ingest-limits.ts";

/** How rows of one file are judged. */
export interface JudgeOptions {
  /** Shop of a row that names none, by code. */
  readonly marketplace: string;
  readonly repairLeadingZeros: boolean;
}

/** What one product of a record is, before repeats are found. */
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

/** Text of the first of these columns that has any. */
export const textOf = (cells: readonly string[], columns: readonly number[]): string => {
  for (const column of columns) {
    const text = trimCell(cells[column] ?? "");
    if (text !== "") return unwrapFormula(text);
  }
  return "";
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
export const acceptProduct = (
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
    return { kind: "invalid", value: sku, reason };
  }
  const named = textOf(cells, layout.marketplace);
  if (named !== "") {
    const marketplace = shopNamed(named);
    if (marketplace) return { kind: "accepted", asin, marketplace, sku, repaired };
    const reason = "is not a marketplace that is served: use one such as www.amazon.com, amazon.de or UK";
    return { kind: "invalid", value: named, reason };
  }
  const addressed =
    read.marketplace ?? (layout.products.length > 1 ? marketplaceBeside(cells, layout.products, used) : undefined);
  const hint = addressed === undefined && layout.shopHints ? hintedShop(cells, layout.shopHints) : undefined;
  if (hint) return { kind: "accepted", asin, sku, repaired, ...hint };
  return { kind: "accepted", asin, marketplace: addressed ?? options.marketplace, sku, repaired };
};
