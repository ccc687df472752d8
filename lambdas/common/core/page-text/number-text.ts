import { roundDecimal } from "../money/money.ts";
import { textStart } from "./text-start.ts";

/** Code point of the zero of each digit row that Amazon's shops print: Arabic, Persian, Devanagari, full width. */
const DIGIT_ZEROS = [0x0660, 0x06f0, 0x0966, 0xff10];

/**
 * Makes a shop's number text plain: no-break and thin spaces become spaces, direction marks go, local digits and
 * separators become ASCII. Of a text of more than 2,000 characters the start counts.
 */
export const plainNumberText = (text: string): string =>
  textStart(text)
    .replace(/\p{Cf}/gu, "")
    .replace(/[٬،，]/gu, ",")
    .replace(/[٫．]/gu, ".")
    .replace(/\p{Nd}/gu, (digit) => {
      const code = digit.codePointAt(0) ?? 0;
      const zero = DIGIT_ZEROS.find((start) => code >= start && code <= start + 9);
      return zero === undefined ? digit : String(code - zero);
    })
    .replace(/\s+/g, " ")
    .trim();

/** One number with its separators; a space only where three digits follow, as French shops group. */
const NUMBER = /\d(?:[.,](?=\d)|[' ](?=\d{3}(?!\d))|\d)*/g;

/** The numbers of a text in order, separators as they were, such as `["1.234,56"]`. */
export const numbersIn = (text: string): string[] => plainNumberText(text).match(NUMBER) ?? [];

/** More than the longest price with its separators, in UTF-16 units. */
const MAX_NUMBER_CHARS = 40;

const isGrouped = (whole: string): boolean =>
  /^\d+$/.test(whole) || /^\d{1,3}(?:([.,' ])\d{2,3}(?:\1\d{2,3})*)$/.test(whole);

/**
 * Reads one localized number as decimal text with `digits` places. The last separator is the decimal point when one
 * or two digits follow it (then it must differ from the group separator), and a group separator when three do: no
 * shop prices in thousandths. Lakh groups (`1,23,456`) are understood. Undefined when the text fits neither.
 * @param digits 2, or 0 for yen, where a printed fraction can only be `.00` and is dropped
 */
export const readNumber = (text: string, digits: number): string | undefined => {
  if (text.length > MAX_NUMBER_CHARS) return undefined;
  const match = /^(.*?)(?:([.,])(\d{1,2}))?$/.exec(text);
  const [, whole = "", point, fraction = ""] = match ?? [];
  if (!isGrouped(whole) || (point !== undefined && whole.includes(point))) return undefined;
  const plain = whole.replace(/\D/g, "");
  return roundDecimal(fraction === "" ? plain : `${plain}.${fraction}`, digits);
};

/** A rounded count: a number with a word or letter for thousands or millions right behind it. */
const ROUNDED = /\d ?(?:k|m|mil|mille|mln|mio|tys|tsd|bin|tusen|lakh|ألف|हज़ार|लाख)\+?(?![\p{L}\p{M}])|\d ?[万千]/iu;

/**
 * Reads a count such as `(226)`, `(8.982)`, `20,042 ratings` or `1 234 évaluations`: the first number of the text,
 * digits only. Undefined when there is none or when it is rounded (`1.2K`).
 */
export const readCount = (text: string): number | undefined => {
  const [first] = numbersIn(text);
  if (first === undefined || ROUNDED.test(plainNumberText(text))) return undefined;
  return Number(first.replace(/\D/g, ""));
};

/**
 * Reads a star rating such as `4.5 out of 5 stars`, `4,3 von 5 Sternen` or `5つ星のうち4.3`, where the scale comes
 * first as it also does in Turkish. Undefined when no number from 0 to 5 is found.
 */
export const readRating = (text: string): number | undefined => {
  const values = numbersIn(text).map((number) => Number(number.replace(",", ".")));
  const [first, second] = values;
  if (first === undefined) return undefined;
  const rating = first === 5 && second !== undefined && second < 5 ? second : first;
  return rating >= 0 && rating <= 5 ? rating : undefined;
};
