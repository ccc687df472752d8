import { isAddress } from "./amazon-address.ts";
import { isAttempt, isNearlyAsin } from "./asin-attempt.ts";
import { type AsinCell, readAsinCell } from "./asin-cell.ts";
import { isPlaceholder, trimCell } from "./cell-text.ts";

/**
 * What lists of products put between them: white space, commas and their like in any script, brackets, quotes, arrows, and
 * line breaks in code. Where an address begins another ends, unless it is the value of a query.
 */
const SEPARATORS = /[\s\p{Cf},;|[\](){}"'，；、､،؛｜¦·•“”„]|<br ?\/?>|\\[nrt]|->|(?<!=)(?=https?:\/\/)/iu;
/** The texts between separators. */
export const piecesOf = (cell: string): string[] =>
  trimCell(cell)
    .split(SEPARATORS)
    .filter((piece) => piece !== "");

/** White space alone, which may as well be a slip of the hand inside one product's cell. */
const ONLY_BLANKS = /^[^,;|[\](){}"'，；、､،؛｜¦·•“”„<>\\\t\r\n]*$/;
/** An ASIN and a separator around it. */
const SHORTEST_LIST = 11;

/** One product that a cell with several names, as it was written there. */
export interface CellPart {
  readonly text: string;
  readonly read: AsinCell;
}

/** What a cell says in which products are expected. */
export type ProductCell =
  | { readonly kind: "one"; readonly read: AsinCell }
  | {
      readonly kind: "several";
      readonly parts: readonly CellPart[];
      /** Whether nothing but blanks parts them. */
      readonly onlyBlanks: boolean;
    };

const oneOf = (read: AsinCell): ProductCell => ({ kind: "one", read });

/**
 * Whether the cell is one address with separators in it, as titles have them before the product and searches behind it.
 * @param parts its texts between separators; another address or ASIN among them is another product
 */
const isOneAddress = (text: string, one: AsinCell, [first, ...others]: readonly CellPart[]): boolean =>
  one.ok &&
  isAddress(text) &&
  !/\s/.test(text) &&
  (!first?.read.ok || first.text.includes("?")) &&
  !others.some(({ text: other, read }) => (read.ok ? isAddress(other) || read.asin !== one.asin : isNearlyAsin(other)));

/**
 * Reads a cell that names a product or several: ASINs and addresses with separators between them. Parts that were meant
 * as ASINs and are none come back as refused parts; a cell with other words among its ASINs is refused as a whole.
 */
export const readProductCell = (cell: string, repairLeadingZeros: boolean): ProductCell => {
  const one = readAsinCell(cell, repairLeadingZeros);
  if (cell.length < SHORTEST_LIST || (one.ok && one.marketplace === undefined)) return oneOf(one);
  const text = trimCell(cell);
  const parts: CellPart[] = [];
  let products = 0;
  let slips = 0;
  let words = 0;
  for (const piece of piecesOf(cell)) {
    if (isPlaceholder(piece)) continue;
    const read = readAsinCell(piece, repairLeadingZeros);
    if (read.ok) products++;
    else if (isNearlyAsin(piece) || isAddress(piece)) slips++;
    else if (!isAttempt(piece)) words++;
    parts.push({ text: piece, read });
  }
  if (products + slips === 0) return oneOf(one);
  // In brackets, or behind the apostrophe by which a spreadsheet keeps a text.
  if (parts.length === 1 && !one.ok) return oneOf(parts[0]?.read ?? one);
  if (parts.length < 2) return oneOf(one);
  if (words === 0 && (products + slips > 1 || (products === 1 && !one.ok))) {
    return { kind: "several", parts, onlyBlanks: ONLY_BLANKS.test(text) };
  }
  if (products === 0 || products + slips < 2 || isOneAddress(text, one, parts)) return oneOf(one);
  const reason = `holds ${products + slips} ASINs among other words: leave only the ASINs, with commas between them, or put each in a row of its own`;
  return oneOf({ ok: false, reason });
};

/** Without one of these a text names no ASIN, nor nearly one. */
const MAY_NAME = /B0|\d{9}|amzn|amazon/i;

/** Says whether a text may name a product at all; quick, and true for many that name none. */
export const mayName = (text: string): boolean => MAY_NAME.test(text);

/** ASINs that a cell names, however many; refused parts are left out. */
export const asinsIn = (cell: string): string[] => {
  if (!mayName(cell)) return [];
  const read = readProductCell(cell, false);
  if (read.kind === "one") return read.read.ok ? [read.read.asin] : [];
  return read.parts.flatMap((part) => (part.read.ok ? [part.read.asin] : []));
};

/** The same with those that have a slip in their ASIN, as they were written, in upper case. */
export const namesIn = (cell: string): string[] => {
  if (!mayName(cell)) return [];
  const read = readProductCell(cell, false);
  const parts = read.kind === "several" ? read.parts : [{ text: trimCell(cell), read: read.read }];
  return parts.flatMap((part) => {
    if (part.read.ok) return [part.read.asin];
    return isNearlyAsin(part.text) ? [part.text.toUpperCase()] : [];
  });
};
