/**
 * Places after the point of currencies that do not have two.
 * @see https://www.iso.org/iso-4217-currency-codes.html
 */
const DIGITS: Readonly<Record<string, number>> = {
  ...Object.fromEntries(
    [
      "BIF",
      "CLP",
      "DJF",
      "GNF",
      "ISK",
      "JPY",
      "KMF",
      "KRW",
      "PYG",
      "RWF",
      "UGX",
      "VND",
      "VUV",
      "XAF",
      "XOF",
      "XPF",
    ].map((code) => [code, 0]),
  ),
  ...Object.fromEntries(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"].map((code) => [code, 3])),
};

/** Places after the point that amounts of a currency have: 0 for JPY and KRW, 3 for KWD, 2 for most. */
export const currencyDigits = (currency: string): number =>
  Object.hasOwn(DIGITS, currency) ? (DIGITS[currency] ?? 2) : 2;
