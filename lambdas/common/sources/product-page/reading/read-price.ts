import type { CheerioAPI } from "cheerio/slim";
import { savingsOf } from "../../../core/money/savings.ts";
import { parsePriceText } from "../../../core/page-text/price-text.ts";
import type { Marketplace } from "../../../core/products/marketplaces.ts";
import type { ProductFields } from "../../../core/products/product.ts";
import { currentPriceCandidates, isUsedOnly, listPriceCandidates, type PriceCandidate } from "./price-candidates.ts";

/** Prices of a page, where the current one was found, and why there is none. */
export interface PagePrices {
  readonly fields: Partial<ProductFields>;
  readonly from: string | null;
  readonly notes: readonly string[];
}

interface Choice {
  readonly amount: string | null;
  readonly from: string | null;
  readonly foreign: string | null;
}

/**
 * The first candidate that is a price. A price in another currency ends the search: the page was shown for another
 * country, and none of its prices is the shop's.
 */
const choose = (candidates: readonly PriceCandidate[], place: Marketplace): Choice => {
  for (const { text, from } of candidates) {
    const price = parsePriceText(text, place);
    if (!price || price.currency === null) continue;
    if (price.currency !== place.currency) return { amount: null, from: null, foreign: price.currency };
    return { amount: price.amount, from, foreign: null };
  }
  return { amount: null, from: null, foreign: null };
};

/** Reads current and original price; an original one that is below the current price is none. */
export const readPrices = ($: CheerioAPI, place: Marketplace): PagePrices => {
  const current = choose(currentPriceCandidates($), place);
  const listed = choose(listPriceCandidates($), place).amount;
  const savings = current.amount !== null && listed !== null ? savingsOf(listed, current.amount) : undefined;
  const original = current.amount === null || savings || listed === current.amount ? listed : null;
  const notes: string[] = [];
  if (current.foreign !== null)
    notes.push(`prices are shown in ${current.foreign}, the shop's currency is ${place.currency}`);
  if (isUsedOnly($)) notes.push("only a used offer is featured, which is no price of a new item");
  const fields: Partial<ProductFields> = {
    current_price: current.amount,
    original_price: current.foreign === null ? original : null,
    savings_amount: savings?.amount ?? null,
    savings_percentage: savings?.percentage ?? null,
    currency: current.amount === null && (original === null || current.foreign !== null) ? null : place.currency,
    condition: current.amount === null ? null : "New",
  };
  return { fields, from: current.from, notes };
};
