import type { Marketplace } from "../../core/marketplaces.ts";
import { amountFromMajor } from "../../core/money.ts";
import type { ProductFields } from "../../core/product.ts";
import { savingsOf } from "../../core/savings.ts";
import type { SourceProduct } from "../../core/source.ts";
import type { OfferMoney, OfferPrice, OffersPayload } from "./schema.ts";

const isNew = (price: OfferPrice): boolean => price.condition?.toLowerCase() === "new";

const amountOf = (money: OfferMoney | null | undefined, place: Marketplace): string | null => {
  if (typeof money?.Amount !== "number" || money.Amount <= 0 || money.CurrencyCode !== place.currency) return null;
  return amountFromMajor(money.Amount, place.currency_digits) ?? null;
};

/** Listing price of the featured new offer; without one, of the new offer that is cheapest with shipping. */
const currentPrice = (payload: OffersPayload, place: Marketplace): string | null => {
  const featured = payload.Summary?.BuyBoxPrices?.find(isNew);
  const landed = (price: OfferPrice): number => price.LandedPrice?.Amount ?? price.ListingPrice?.Amount ?? Infinity;
  const [lowest] = (payload.Summary?.LowestPrices ?? []).filter(isNew).sort((a, b) => landed(a) - landed(b));
  return amountOf(featured?.ListingPrice, place) ?? amountOf(lowest?.ListingPrice, place);
};

/**
 * Maps one entry of the item-offers batch to price and availability. Amounts are decimal major units in the shop's
 * currency; another currency is no price. Nobody offering it at all is out of stock, which Amazon says outright.
 */
export const toOffer = (payload: OffersPayload, place: Marketplace): SourceProduct => {
  const current = currentPrice(payload, place);
  const original = amountOf(payload.Summary?.ListPrice, place);
  const savings = current !== null && original !== null ? savingsOf(original, current) : undefined;
  const nobody = payload.status === "NoBuyableOffers" || payload.Summary?.TotalOfferCount === 0;
  const fields: Partial<ProductFields> = {
    current_price: current,
    original_price: original,
    savings_amount: savings?.amount ?? null,
    savings_percentage: savings?.percentage ?? null,
    currency: current === null && original === null ? null : place.currency,
    condition: current === null ? null : "New",
    availability_type: current !== null ? "in_stock" : nobody ? "out_of_stock" : "unknown",
  };
  return { asin: payload.ASIN, fields };
};
