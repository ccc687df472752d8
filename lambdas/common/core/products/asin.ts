import * as z from "zod";

const ASIN_PATTERN = /^(?:B0[A-Z0-9]{8}|[0-9]{9}[0-9X])$/;

/** Length of every ASIN. */
export const ASIN_CHARACTERS = 10;

/**
 * An ASIN as people type it. Without the `u` flag, ignoring case stays within ASCII, so no look-alike letter folds into an
 * ASIN.
 */
export const ASIN_IN_ANY_CASE = new RegExp(ASIN_PATTERN.source, "i");

/**
 * An Amazon Standard Identification Number in upper case: `B0` and 8 letters or digits, or an ISBN-10
 * (9 digits and a digit or `X`). The ISBN check digit is not verified, because sellers carry ASINs whose
 * digit is wrong and Amazon answers for them all the same.
 */
export const AsinSchema = z
  .string()
  .regex(ASIN_PATTERN, "an ASIN is B0 + 8 letters or digits, or 9 digits + digit or X");

/** Says whether `value` is an ASIN exactly as it is: upper case, no white space. */
export const isAsin = (value: string): boolean => ASIN_PATTERN.test(value);
