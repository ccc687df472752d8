import { describe, expect, it } from "vitest";
import { readCount, readNumber, readRating } from "../../../../../lambdas/common/core/page-text/number-text.ts";
import { parsePriceText } from "../../../../../lambdas/common/core/page-text/price-text.ts";
import { findMarketplace, MARKETPLACES } from "../../../../../lambdas/common/core/products/marketplaces.ts";

const NBSP = "\u00a0";
const THIN = "\u202f";

/** Shop, text, amount, currency. Every shop has at least one row. */
const PRICES: readonly (readonly [string, string, string, string])[] = [
  ["US", "$35.99", "35.99", "USD"],
  ["US", "US$35.99", "35.99", "USD"],
  ["US", "$1,234.56", "1234.56", "USD"],
  ["US", "CAD 49.99", "49.99", "CAD"],
  ["CA", "CDN$ 9.99", "9.99", "CAD"],
  ["CA", "$1,009.99", "1009.99", "CAD"],
  ["CA", `9,99${NBSP}$`, "9.99", "CAD"],
  ["MX", "$1,299.00", "1299.00", "MXN"],
  ["MX", "MXN 1,299.00", "1299.00", "MXN"],
  ["BR", `R$${NBSP}4.425,44`, "4425.44", "BRL"],
  ["BR", "R$431,90", "431.90", "BRL"],
  ["UK", "£6.39", "6.39", "GBP"],
  ["UK", "£1,006.39", "1006.39", "GBP"],
  ["DE", "1.234,56 €", "1234.56", "EUR"],
  ["DE", "EUR 14,99", "14.99", "EUR"],
  ["DE", "8,00€", "8.00", "EUR"],
  ["DE", "1.234 €", "1234.00", "EUR"],
  ["FR", `1${THIN}234,56${NBSP}€`, "1234.56", "EUR"],
  ["FR", `12${NBSP}345,00 €`, "12345.00", "EUR"],
  ["FR", "EUR 9,99", "9.99", "EUR"],
  ["IT", "€149,00", "149.00", "EUR"],
  ["IT", "1.149,00€", "1149.00", "EUR"],
  ["ES", "66,99€", "66.99", "EUR"],
  ["NL", `€${NBSP}1.049,95`, "1049.95", "EUR"],
  ["NL", "€ 49,95", "49.95", "EUR"],
  ["BE", `1${THIN}049,95${NBSP}€`, "1049.95", "EUR"],
  ["BE", "€ 12,34", "12.34", "EUR"],
  ["IE", "€1,249.00", "1249.00", "EUR"],
  ["PL", `1${NBSP}234,56${NBSP}zł`, "1234.56", "PLN"],
  ["PL", "89,99zł", "89.99", "PLN"],
  ["SE", `1${NBSP}234,56${NBSP}kr`, "1234.56", "SEK"],
  ["SE", "799,00 kr", "799.00", "SEK"],
  ["TR", "1.234,56 TL", "1234.56", "TRY"],
  ["TR", "₺1.234,56", "1234.56", "TRY"],
  ["AE", `AED${NBSP}1,234.56`, "1234.56", "AED"],
  ["AE", "49.00 د.إ", "49.00", "AED"],
  ["SA", `SAR${NBSP}1,234.56`, "1234.56", "SAR"],
  ["SA", "١٬٢٣٤٫٥٦ ر.س", "1234.56", "SAR"],
  ["EG", `EGP${NBSP}1,234.56`, "1234.56", "EGP"],
  ["EG", "\u200f1,234.56\u00a0ج.م.\u200f", "1234.56", "EGP"],
  ["IN", "₹1,23,456.00", "123456.00", "INR"],
  ["IN", "₹49,990.00", "49990.00", "INR"],
  ["IN", "₹1,599", "1599.00", "INR"],
  ["IN", "Rs. 499", "499.00", "INR"],
  ["JP", "￥4,900", "4900", "JPY"],
  ["JP", "¥4,900", "4900", "JPY"],
  ["JP", "4,900円", "4900", "JPY"],
  ["JP", "￥１２，３４５", "12345", "JPY"],
  ["AU", "$1,234.56", "1234.56", "AUD"],
  ["SG", "S$1,234.56", "1234.56", "SGD"],
];

describe("price texts", () => {
  it.each(PRICES)("reads in %s: %s", (country, text, amount, currency) => {
    const place = findMarketplace(country);
    expect(place && parsePriceText(text, place)).toEqual({ amount, currency });
  });

  it("has a row for each of the 22 shops", () => {
    expect(new Set(PRICES.map(([country]) => country))).toEqual(new Set(MARKETPLACES.map((place) => place.country)));
  });

  it.each([
    ["JP", "US$12.99", "12.99", "USD"],
    ["US", "KRW 12,900", "12900", "KRW"],
    ["US", "49.90 CHF", "49.90", "CHF"],
    ["US", "HK$99.00", "99.00", "HK$"],
    ["US", "NT$1,299", "1299.00", "NT$"],
    ["US", "₩12,900", "12900.00", "₩"],
    ["DE", "4.990 HUF", "4990.00", "HUF"],
  ])("of a viewer who chose another currency is none of the shop's: %s %s", (country, text, amount, currency) => {
    const place = findMarketplace(country);
    expect(place && parsePriceText(text, place)).toEqual({ amount, currency });
  });

  it.each([
    ["a range", "$10.99 - $25.99"],
    ["a price per unit beside it", "8,00 € (11,43 € / 100 g)"],
    ["zero", "$0.00"],
    ["no number", "Currently unavailable"],
    ["nothing", ""],
    ["one separator for two things", "1.234.56 €"],
    ["groups that are none", "12,34,5.67"],
    ["four places", "$1.2345"],
    ["a saving", "-$5.00"],
    ["a fraction alone", "£.99"],
  ])("refuses %s rather than guess", (_, text) => {
    const place = findMarketplace("US");
    expect(place && parsePriceText(text, place)).toBeUndefined();
  });

  it("leaves the currency open when the text names none", () => {
    const place = findMarketplace("DE");
    expect(place && parsePriceText("14,99", place)).toEqual({ amount: "14.99", currency: null });
  });

  it("drops a printed fraction of yen and keeps whole groups", () => {
    expect(readNumber("4,900", 0)).toBe("4900");
    expect(readNumber("1,234,900", 0)).toBe("1234900");
  });
});

describe("counts and ratings", () => {
  it.each([
    ["(226)", 226],
    ["(8.982)", 8982],
    ["20,042 ratings", 20_042],
    ["1.033 avaliações", 1033],
    [`1${THIN}234 évaluations`, 1234],
    ["1,23,456 ratings", 123_456],
    ["1,234個の評価", 1234],
    ["430 Sternebewertungen", 430],
    ["134 Kundenrezensionen", 134],
    ["12 Meinungen", 12],
  ])("counts %s", (text, count) => expect(readCount(text)).toBe(count));

  it.each([
    "",
    "no reviews",
    "1,5 Tsd. Bewertungen",
    "2 Mio.",
    "1.2 lakh ratings",
    "1.2 हज़ार रेटिंग",
    "1.2K ratings",
    "(3K+)",
    "1,2 mil avaliações",
    "1.2万個の評価",
  ])("counts nothing in %j", (text) => expect(readCount(text)).toBeUndefined());

  it.each([
    ["4.5 out of 5 stars", 4.5],
    ["5.0 out of 5 stars", 5],
    ["4,3 von 5 Sternen", 4.3],
    ["4.3 étoiles sur 5", 4.3],
    ["5つ星のうち4.3", 4.3],
    ["5つ星のうち5.0", 5],
    ["5 yıldız üzerinden 4,6", 4.6],
    ["4.5 de 5 estrelas", 4.5],
    ["٤٫٥ من ٥ نجوم", 4.5],
  ])("rates %s", (text, rating) => expect(readRating(text)).toBe(rating));

  it.each(["", "8 of 10"])("rates nothing in %j", (text) => expect(readRating(text)).toBeUndefined());
});
