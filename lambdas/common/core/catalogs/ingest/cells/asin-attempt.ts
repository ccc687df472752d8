import { isAddress } from "./amazon-address.ts";
import { trimCell } from "./cell-text.ts";

/** What heads a column of figures: a month, a day, or a word with a year behind it. */
const DATED =
  /^(?:\d{4}[-./]\d{1,2}(?:[-./]\d{1,2})?|\d{1,2}[-./]\d{1,2}[-./]\d{4}|[A-Z][A-Z\d]*[-._]?(?:19|20)\d{2})$/i;
const NEARLY_ASIN = /^B0[A-Z0-9]{5,12}$/i;

/** Says whether a cell is an ASIN, or one with a few characters too many or too few. */
export const isNearlyAsin = (cell: string): boolean => NEARLY_ASIN.test(trimCell(cell));

/** A number or code that someone meant as an ASIN: then it is a bad row and not the name of a column. */
export const isAttempt = (cell: string): boolean => {
  const text = trimCell(cell);
  if (isAddress(text) || NEARLY_ASIN.test(text)) return true;
  if (DATED.test(text)) return false;
  return /^[A-Z0-9.+-]{7,14}$/i.test(text) && (text.match(/\d/g)?.length ?? 0) >= 4;
};
