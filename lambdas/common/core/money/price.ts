import { currencyDigits } from "./currency-digits.ts";
import { AmountSchema, amountFromMajor, roundDecimal } from "./money.ts";

/** Decimal text without sign or exponent. */
const DECIMAL = /^\d{1,15}(?:\.\d{1,15})?$/;

/** Whether a text is an ISO 4217 code, such as `EUR`. */
export const isCurrency = (text: string | null | undefined): text is string => /^[A-Z]{3}$/.test(text ?? "");

/**
 * A price as decimal text with the places of its currency; null when it is none. This is the one rule for what a price
 * is, whatever the source: a number or decimal text, in major units, above 0 once it is rounded to the currency's
 * places. 0 and -1 are how upstreams write that there is no price.
 */
export const priceOf = (value: number | string | null | undefined, currency: string): string | null => {
  const digits = currencyDigits(currency);
  const text = typeof value === "string" ? value.trim() : value;
  if (text === null || text === undefined || !isCurrency(currency)) return null;
  const amount =
    typeof text === "number"
      ? amountFromMajor(text, digits)
      : DECIMAL.test(text)
        ? roundDecimal(text, digits)
        : undefined;
  return amount !== undefined && /[1-9]/.test(amount) && AmountSchema.safeParse(amount).success ? amount : null;
};
