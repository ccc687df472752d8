import { ASIN_CHARACTERS, isAsin } from "../../../products/asin.ts";
import { productsIn } from "../cells/amazon-address.ts";
import { readAsinCell } from "../cells/asin-cell.ts";
import { isBlankCell } from "../cells/cell-text.ts";
import { asinsNamed, isSureAsin } from "../cells/name-asins.ts";
import { asinsIn, mayName } from "../cells/product-cell.ts";

/** Characters of a cell that are searched for products where none is read. */
const SEARCHED_CHARACTERS = 1_000;
/** How a cell begins that holds nothing but products; of other cells, which are nearly all, nothing more is read. */
const BEGINNING =
  /^[^a-z0-9/]{0,5}(?:b0[a-z0-9]{8}|\d{9}[\dx](?![\dx])|(?:https?:)?\/\/|www\.|[a-z]{0,9}\.?(?:amazon|amzn)\.)/i;
/** What is in the address of a product's page. */
const PAGE = /(?:\/|%2F)(?:dp|d|gp|o|exec|product-reviews|ask|video)(?:\/|%2F)|\/B0[A-Z0-9]{8}|amzn\.com\//i;
const ADDRESS = /^[^a-z0-9/]{0,5}(?:https?:|\/\/|www\.|[a-z]{0,9}\.?(?:amazon|amzn)\.)/i;

/** How far a host reaches into a text that begins with it: scheme, `www.`, a word, `amazon`. */
const HOST_CHARACTERS = 30;
const isDigit = (code: number): boolean => code >= 48 && code <= 57;
const isLetter = (code: number): boolean => (code | 32) >= 97 && (code | 32) <= 122;

/** Whether a text may match `BEGINNING`, told by its first characters: a pattern on each cell takes a fifth of the whole ingest. */
const mayBegin = (text: string): boolean => {
  for (let at = 0; at <= 5; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 47) return true;
    if (isDigit(code)) return isDigit(text.charCodeAt(at + 1));
    if (!isLetter(code)) continue;
    if ((code | 32) === 98 && text.charCodeAt(at + 1) === 48) return true;
    const dot = text.indexOf(".", at);
    return dot >= 0 && dot <= at + HOST_CHARACTERS;
  }
  return false;
};

/** Addresses of products in the query of a text's first address. */
const carriedIn = (cell: string): string[] => {
  const ends = ["?", "#"].map((mark) => cell.indexOf(mark)).filter((at) => at >= 0);
  return ends.length === 0 || !mayName(cell) ? [] : productsIn(cell.slice(Math.min(...ends)));
};

/**
 * Says whether a column that can name the product names another one than those that were read from the row: an address
 * of a parent or of a variant beside the ASIN, mostly; or whether an address carries another product's in its query.
 * @param columns that can name the product
 * @param read ASINs of the row
 */
export const namesOthers = (cells: readonly string[], columns: readonly number[], read: readonly string[]): boolean =>
  cells.some((cell) => carriedIn(cell).some((asin) => !read.includes(asin))) ||
  columns.some((column) => {
    const cell = cells[column] ?? "";
    if (isBlankCell(cell)) return false;
    const one = readAsinCell(cell, false);
    const asins = one.ok ? [one.asin] : asinsIn(cell);
    return asins.some((asin) => !read.includes(asin));
  });

/** A product in a column that names none by its name. */
export interface UnreadProduct {
  readonly column: number;
  readonly asin: string;
}

/** What a cell is read as, or else the ASINs in it, which a stray quote, a bracket or a query with commas keeps from it. */
const alone = (text: string): string[] => {
  const asins = asinsIn(text);
  if (asins.length > 0) return asins;
  const named = asinsNamed(text);
  const whole = named.filter(isAsin);
  // What sticks to an address is no part of its ASIN.
  return whole.length > 0 || !PAGE.test(text)
    ? whole
    : named.map((one) => one.slice(0, ASIN_CHARACTERS)).filter(isAsin);
};

/** Products that other columns of a row hold alone in a cell, and that were not read. @param read ASINs of the row */
export const unreadProducts = (
  cells: readonly string[],
  columns: readonly number[],
  read: readonly string[],
): UnreadProduct[] =>
  cells.flatMap((cell, column) => {
    if (cell.length < ASIN_CHARACTERS || columns.includes(column)) return [];
    const text = cell.slice(0, SEARCHED_CHARACTERS);
    if (!mayBegin(text) || !BEGINNING.test(text) || (ADDRESS.test(text) && !PAGE.test(text))) return [];
    const asin = alone(text).find((one) => isSureAsin(one) && !read.includes(one));
    return asin === undefined ? [] : [{ column, asin }];
  });
