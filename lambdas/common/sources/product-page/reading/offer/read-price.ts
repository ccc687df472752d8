import type { CheerioAPI } from "cheerio/slim";
import { savingsOf } from "../../../../core/money/savings.ts";
import { isPriceRange, parsePriceText } from "../../../../core/page-text/price-text.ts";
import type { Marketplace } from "../../../../core/products/marketplaces.ts";
import type { ProductFields } from "../../../../core/products/product.ts";
import { currentPriceCandidates, type PriceCandidate } from "./price-candidates.ts";
import { struckPrices } from "./struck-prices.ts";

/** Prices of a page, where the current one was found, and why there is none. */
export interface PagePrices {
  readonly fields: Partial<ProductFields>;
  readonly from: string | null;
  /** Whether the page shows a range: its offers differ by a size or colour that is not chosen. */
  readonly range: boolean;
  readonly notes: readonly string[];
}

type Choice =
  | { readonly amount: string; readonly candidate: PriceCandidate }
  | { readonly amount: null; readonly range: boolean; readonly foreign: string | null };

/**
 * The first candidate that is a price. A price in another currency ends the search: the page was shown for another
 * country, and none of its prices is the shop's. A range in the offer's own place ends it too.
 */
const choose = (candidates: readonly PriceCandidate[], place: Marketplace): Choice => {
  for (const candidate of candidates) {
    if (candidate.decisive && isPriceRange(candidate.text)) return { amount: null, range: true, foreign: null };
    const price = parsePriceText(candidate.text, place);
    if (!price || price.currency === null) continue;
    if (price.currency !== place.currency) return { amount: null, range: false, foreign: price.currency };
    return { amount: price.amount, candidate };
  }
  return { amount: null, range: false, foreign: null };
};

const without = (range: boolean, notes: readonly string[]): PagePrices => ({ fields: {}, from: null, range, notes });

/** Reads current and original price of a new item bought once; the original is the one struck through beside it. */
export const readPrices = ($: CheerioAPI, place: Marketplace): PagePrices => {
  const choice = choose(currentPriceCandidates($), place);
  if (choice.amount === null) {
    const { range, foreign } = choice;
    if (range) return without(true, ["a range of prices is shown, because a size or colour is not chosen"]);
    if (foreign === null) return without(false, []);
    return without(false, [`prices are shown in ${foreign}, the shop's currency is ${place.currency}`]);
  }
  const { amount, candidate } = choice;
  const own = (text: string): string | undefined => {
    const price = parsePriceText(text, place);
    return price?.currency === place.currency ? price.amount : undefined;
  };
  const original = struckPrices($, candidate, (text) => own(text) === amount)
    .map(own)
    .find((struck) => struck !== undefined && savingsOf(struck, amount) !== undefined);
  const savings = original === undefined ? undefined : savingsOf(original, amount);
  const fields: Partial<ProductFields> = {
    current_price: amount,
    original_price: original ?? null,
    savings_amount: savings?.amount ?? null,
    savings_percentage: savings?.percentage ?? null,
    currency: place.currency,
    condition: "New",
  };
  return { fields, from: candidate.from, range: false, notes: [] };
};
