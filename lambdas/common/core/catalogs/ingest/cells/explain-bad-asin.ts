import { isAsin } from "../../../products/asin.ts";
import { isPlaceholder } from "./cell-text.ts";
import { isbn10Of, isbnOfNumber } from "./isbn.ts";

const SPREADSHEET_ERROR = /^#(?:REF!|N\/A|VALUE!|NAME\?|DIV\/0!|NUM!|NULL!|SPILL!|CALC!|#+)/i;
const SCIENTIFIC = /^\d+(?:[.,]\d+)?e\+?\d{1,3}$/i;
const HEADER_WORD = /^(?:asin|url|link|product_url)$/i;

const shown = (character: string): string => {
  const code = character.codePointAt(0) ?? 0;
  const name = `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
  return /^[\p{L}\p{N}\p{P}\p{S}]$/u.test(character) ? `"${character}" (${name})` : name;
};

const explainNumber = (digits: string): string | undefined => {
  const book = isbn10Of(digits);
  if (book) return `is a 13-digit ISBN, not an ASIN: a printed book's ASIN is its ISBN-10, here ${book}`;
  const kind = new Map([
    [8, "EAN-8"],
    [12, "UPC"],
    [13, "EAN"],
    [14, "GTIN"],
  ]).get(digits.length);
  return (
    kind && `is a ${digits.length}-digit barcode number (${kind}), not an ASIN: give the product's 10-character ASIN`
  );
};

/** The same letters with the zeros that were typed as the letter O. */
const withZeros = (upper: string): string | undefined =>
  [upper.replace(/^BO/, "B0"), upper.replaceAll("O", "0")].find((text) => text !== upper && isAsin(text));

const explainShape = (text: string): string => {
  const upper = text.toUpperCase();
  const zeros = withZeros(upper);
  if (zeros) return `has the letter O where a zero belongs: write it as ${zeros}`;
  const joined = upper.replace(/[\s"'‐-―-]|\p{Cf}/gu, "");
  if (joined !== upper && isAsin(joined))
    return `has spaces, invisible characters, quotes or hyphens in it: write it as ${joined}`;
  const odd = /[^A-Za-z0-9]/u.exec(text)?.[0];
  if (odd)
    return `has the character ${shown(odd)}, which is neither a letter nor a digit: an ASIN is 10 letters and digits`;
  if (text.length !== 10) {
    const size = text.length === 1 ? "1 character" : `${text.length} characters`;
    return `has ${size}, an ASIN has exactly 10: copy it again from the product page`;
  }
  return "has 10 characters but is no ASIN: one starts with B0, or is an ISBN-10 (9 digits and a digit or X)";
};

/**
 * Says in plain words why a cell is not an ASIN, and the fix. The text reads on from the value, as in
 * "B01FKZSFY has 9 characters, …".
 * @param text trimmed, not an ASIN and not a web address
 */
export const explainBadAsin = (text: string): string => {
  if (text === "") return "the row has no ASIN: fill in the cell or delete the row";
  if (SPREADSHEET_ERROR.test(text)) return "is a spreadsheet error, not an ASIN: fix the cell and save again";
  if (/^[=+@]/.test(text)) return "is a formula, not an ASIN: paste the cells as values and save again";
  if (isPlaceholder(text)) return "stands for a missing value: fill in the ASIN or delete the row";
  if (HEADER_WORD.test(text)) return "is the header line repeated: delete the row";
  if (SCIENTIFIC.test(text)) {
    return "is a number that a spreadsheet wrote in scientific notation, and digits are lost: format the column as text and enter the ASIN again";
  }
  const several = text.split(/[\s,;|/+&]+/).filter((word) => isAsin(word.toUpperCase()));
  if (several.length > 1) return `holds ${several.length} ASINs: put each in a row of its own`;
  const book = isbnOfNumber(text);
  if (book) {
    const lost = text.endsWith(".0")
      ? "that a spreadsheet took for a number"
      : "whose leading zeros a spreadsheet removed";
    return `looks like an ISBN ${lost}; write it as ${book}`;
  }
  return (/^\d+$/.test(text) ? explainNumber(text) : undefined) ?? explainShape(text);
};
