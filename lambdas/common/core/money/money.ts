import * as z from "zod";

/** An amount as decimal text in major units, such as `"60.02"` or, for yen, `"299"`. Never a float. */
export const AmountSchema = z.string().regex(/^\d{1,15}(\.\d{1,6})?$/, "an amount is decimal text such as 60.02");

/** Longest text of a number: the largest one that JSON can hold has 309 digits. */
const MAX_NUMBER_CHARS = 400;

const expand = (text: string): string => {
  const match = /^(\d+)(?:\.(\d+))?[eE]([+-]?\d{1,3})$/.exec(text);
  if (!match) return text;
  const [, whole = "", fraction = "", exponent = "0"] = match;
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  if (point <= 0) return `0.${"0".repeat(-point)}${digits}`;
  if (point >= digits.length) return digits + "0".repeat(point - digits.length);
  return `${digits.slice(0, point)}.${digits.slice(point)}`;
};

/**
 * Rounds decimal text to `digits` places, half up, on the text itself, so that no float error can creep in.
 * Undefined when the text is not a plain non-negative number.
 */
export const roundDecimal = (text: string, digits: number): string | undefined => {
  if (text.length > MAX_NUMBER_CHARS) return undefined;
  const plain = expand(text.trim());
  const match = /^(\d+)(?:\.(\d*))?$/.exec(plain);
  if (!match) return undefined;
  const [, whole = "0", fraction = ""] = match;
  const padded = fraction.padEnd(digits + 1, "0");
  const scaled = BigInt(whole + padded.slice(0, digits));
  const rounded = (padded.charCodeAt(digits) >= 53 ? scaled + 1n : scaled).toString().padStart(digits + 1, "0");
  return digits === 0 ? rounded : `${rounded.slice(0, -digits)}.${rounded.slice(-digits)}`;
};

/**
 * Writes a JSON number in major units as decimal text with exactly `digits` places (0 for JPY, else 2).
 * Undefined when it is negative, not finite or not a number: a bad price is no price.
 */
export const amountFromMajor = (value: number, digits: number): string | undefined =>
  Number.isFinite(value) ? roundDecimal(String(value), digits) : undefined;

/**
 * Writes an integer count of minor units (Keepa's form) as decimal text with `digits` places.
 * Undefined when it is negative or no integer.
 */
export const amountFromMinor = (value: number, digits: number): string | undefined => {
  if (!Number.isInteger(value) || value < 0) return undefined;
  if (digits === 0) return String(value);
  const text = String(value).padStart(digits + 1, "0");
  return `${text.slice(0, -digits)}.${text.slice(-digits)}`;
};
