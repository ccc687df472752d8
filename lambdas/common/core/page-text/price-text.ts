import { currencyDigits } from "../money/currency-digits.ts";
import type { Marketplace } from "../products/marketplaces.ts";
import { numbersIn, plainNumberText, readNumber } from "./number-text.ts";
import { textStart } from "./text-start.ts";

/** Currencies whose shops print a bare dollar sign. */
const DOLLAR_SHOPS = new Set(["USD", "CAD", "MXN", "AUD", "SGD"]);

/** What is printed beside an amount, longest first where one holds the other. */
const SIGNS: readonly (readonly [RegExp, string])[] = [
  [/US\$|USD/i, "USD"],
  [/CDN\$|CA\$|C\$|CAD/i, "CAD"],
  [/AU\$|A\$|AUD/i, "AUD"],
  [/S\$|SGD/i, "SGD"],
  [/MX\$|MXN/i, "MXN"],
  [/R\$|BRL/i, "BRL"],
  [/€|EUR/i, "EUR"],
  [/EGP|E£|ج\.?\s?م|جنيه/i, "EGP"],
  [/£|GBP/i, "GBP"],
  [/₹|INR|Rs\.?(?![a-z])/i, "INR"],
  [/￥|¥|円|JPY/i, "JPY"],
  [/zł|PLN/i, "PLN"],
  [/kr\b|SEK/i, "SEK"],
  [/₺|TRY|TL\b/i, "TRY"],
  [/AED|د\.?\s?إ|درهم/i, "AED"],
  [/SAR|ر\.?\s?س|﷼|ريال|SR\b|\u20c1/i, "SAR"],
];

/** An amount as decimal text in the currency that the text names, or null when it names none. */
export interface PriceText {
  readonly amount: string;
  readonly currency: string | null;
}

/**
 * A currency that no shop prices in, as shops print it for viewers who chose theirs: a code at the number (`KRW 12,900`,
 * `49 CHF`), letters at a dollar sign (`HK$`), or a sign of its own (`₩`).
 */
const FOREIGN = /(?<!\p{L})[A-Z]{3}(?= ?[0-9])|(?<=[0-9] ?)[A-Z]{3}(?!\p{L})|(?<!\p{L})\p{L}{1,3}\$|(?!\$)\p{Sc}/u;

/**
 * ISO code of the currency that a price text names, as it stands there when no shop has it, null when it names none. A bare
 * `$` is the shop's own dollar.
 */
export const currencyIn = (text: string, place: Marketplace): string | null => {
  const plain = plainNumberText(text);
  const named = SIGNS.find(([sign]) => sign.test(plain));
  if (named) return named[1];
  const foreign = FOREIGN.exec(plain)?.[0];
  if (foreign !== undefined) return foreign;
  if (!plain.includes("$")) return null;
  return DOLLAR_SHOPS.has(place.currency) ? place.currency : "USD";
};

/** Two amounts with a dash between, each perhaps with its currency before or after. */
const RANGE = /[0-9] ?(?:[^0-9 ]{1,4} ?)?[-–—~〜～] ?(?:[^0-9 ]{1,4} ?)?[0-9]/;

/** Whether a text is a range of prices, such as `$9.99 - $19.99`. */
export const isPriceRange = (text: string): boolean => {
  const plain = plainNumberText(textStart(text));
  return numbersIn(plain).length === 2 && RANGE.test(plain);
};

/**
 * Reads a price as a shop prints it, such as `1.234,56 €`, `￥4,900`, `₹1,23,456.00` or `R$ 4.425,44`.
 * Undefined when the text holds no number, several (a range, a price per unit) or nothing above zero: no price is
 * better than a wrong one.
 */
export const parsePriceText = (text: string, place: Marketplace): PriceText | undefined => {
  const numbers = numbersIn(text);
  const [only] = numbers;
  if (only === undefined || numbers.length !== 1) return undefined;
  // `-$5.00` is a saving, and of `£.99` the number is not the whole.
  if (/^[-−–]|(?<!\p{L})[.,]\d/u.test(plainNumberText(text).replaceAll(only, "0"))) return undefined;
  const currency = currencyIn(text, place);
  const amount = readNumber(only, currency === null ? place.currencyDigits : currencyDigits(currency));
  if (amount === undefined || /^[0.]+$/.test(amount)) return undefined;
  return { amount, currency };
};
