import type { ValidationError } from "../../../errors.ts";
import { trimCell } from "../cells/cell-text.ts";
import { withoutEdgeQuotes } from "../formats/csv-line-cells.ts";
import { brokenCatalog } from "../ingest-errors.ts";

/** Column names that can name the product, the best first, as `plainName` writes them. */
const PRODUCT_COLUMNS = [
  "asin",
  "asin1",
  "(child)_asin",
  "asin/isbn",
  "url",
  "link",
  "product_url",
  "affiliate_url",
] as const;
/** ASINs in columns of their own, as listings have them beside the first: `asin2`, `asin_3`. */
const NUMBERED_ASIN = /^asin_?\d{1,3}$/;
/** Words in the names of columns that hold products beside the row's own. */
const OTHER_PRODUCTS =
  /asin|isbn|parent|child|variant|variation|compet|rival|related|similar|replace|url|link|product|item/;
/** Says the kind of number in `product_id`: 1 for an ASIN. Without it `product_id` may be anything. */
const ID_TYPE = "product_id_type";
/** Columns that may say a shop among other things, the best first. */
const SHOP_HINTS = ["marketplace_id", "domain", "locale", "country"] as const;

/** Where the columns that Enrichline reads are; of several for the same, the first one with text counts. */
export interface RowLayout {
  /** Columns that can name the product, the best first. */
  readonly products: readonly number[];
  readonly marketplace: readonly number[];
  readonly sku: readonly number[];
  /**
   * The best product columns when several have one name, or one but for a number: each may name a product of its own. Absent for a
   * single one.
   */
  readonly twins?: readonly number[];
  /** Columns that by their names hold products which are not read, such as parents and rivals; absent without any. */
  readonly others?: readonly number[];
  /** Columns whose text counts as a shop when it is the name of one; absent without any. */
  readonly shopHints?: readonly number[];
}

/** Names of the user's own columns for what Enrichline reads, each taken before the names that are known. */
export interface ColumnChoice {
  readonly asin?: string | undefined;
  readonly url?: string | undefined;
  readonly marketplace?: string | undefined;
  readonly sku?: string | undefined;
}

/**
 * A column's name as names are compared: letter case, invisible characters, and how words are joined do not matter, nor does a
 * quote at an edge, which nothing closes.
 */
export const plainName = (name: string): string =>
  trimCell(withoutEdgeQuotes(trimCell(name)))
    .toLowerCase()
    .replace(/[\s_-]+/g, "_");

/**
 * Finds the columns by their names. `products` is empty when none is usable.
 * @param choice names that the user gave; columns of other names that are known count after them
 */
export const layoutOf = (names: readonly string[], choice: ColumnChoice = {}): RowLayout => {
  const found = names.map(plainName);
  const named = (name: string): number[] => found.flatMap((other, index) => (other === name ? [index] : []));
  const columns = (chosen: readonly (string | undefined)[], known: readonly string[]): number[] => {
    const wanted = chosen.flatMap((name) => (name === undefined ? [] : [plainName(name)]));
    return [...new Set([...wanted, ...known].flatMap(named))];
  };
  const known = found.includes(ID_TYPE)
    ? [...PRODUCT_COLUMNS.slice(0, 4), "product_id", ...PRODUCT_COLUMNS.slice(4)]
    : PRODUCT_COLUMNS;
  const hints = columns([], SHOP_HINTS);
  const numbered = found.flatMap((name, index) => (NUMBERED_ASIN.test(name) ? [index] : []));
  const products = [...new Set([...columns([choice.asin, choice.url], known), ...numbered])];
  const best = found[products[0] ?? -1] ?? "";
  const isNumbered = best === "asin" || NUMBERED_ASIN.test(best);
  const twins = products.filter((index) => found[index] === best || (isNumbered && numbered.includes(index)));
  const others = found.flatMap((name, index) =>
    OTHER_PRODUCTS.test(name) && !products.includes(index) ? [index] : [],
  );
  return {
    products,
    marketplace: columns([choice.marketplace], ["marketplace"]),
    sku: columns([choice.sku], ["sku"]),
    ...(twins.length > 1 ? { twins } : {}),
    ...(others.length > 0 ? { others } : {}),
    ...(hints.length > 0 ? { shopHints: hints } : {}),
  };
};

/** Column names in an error: the first twenty, cut to a length that can be read. */
export const shownNames = (names: readonly string[]): string =>
  names
    .slice(0, 20)
    .map((name) => `"${trimCell(name).slice(0, 40).toWellFormed()}"`)
    .join(", ");

/** The refusal of a file that has no column of a name that the user gave: 400 `column_not_found`. */
export const columnNotFound = (missing: string, names: readonly string[]): ValidationError =>
  brokenCatalog(
    "column_not_found",
    `No column is named "${missing.slice(0, 40).toWellFormed()}". Columns found: ${shownNames(names)}. Give the name as it is in the file.`,
  );

/** The first name that the user gave and no column has; undefined when there is none. */
export const missingChoice = (names: readonly string[], choice: ColumnChoice): string | undefined => {
  const chosen = [choice.asin, choice.url, choice.marketplace, choice.sku].filter((name) => name !== undefined);
  if (chosen.length === 0) return undefined;
  const found = new Set(names.map(plainName));
  return chosen.find((name) => !found.has(plainName(name)));
};
