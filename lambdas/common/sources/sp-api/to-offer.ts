import type { Marketplace } from "../../core/products/marketplaces.ts";
import type { ProductFields } from "../../core/products/product.ts";
import type { SourceProduct } from "../../core/sources/source-client.ts";
import { amountIn } from "./money.ts";
import { pricedFields } from "./priced-fields.ts";
import type { OfferMoney, OfferPrice, OffersPayload } from "./schema.ts";

const isNew = (price: OfferPrice): boolean => price.condition?.toLowerCase() === "new";

const amountOf = (money: OfferMoney | null | undefined, place: Marketplace): string | null =>
  amountIn(place, money?.Amount, money?.CurrencyCode);

/** Listing price of the featured new offer; without one, of the new offer that is cheapest with shipping. */
const currentPrice = (payload: OffersPayload, place: Marketplace): string | null => {
  const featured = payload.Summary?.BuyBoxPrices?.find(isNew);
  const landed = (price: OfferPrice): number => price.LandedPrice?.Amount ?? price.ListingPrice?.Amount ?? Infinity;
  const [lowest] = (payload.Summary?.LowestPrices ?? []).filter(isNew).sort((a, b) => landed(a) - landed(b));
  return amountOf(featured?.ListingPrice, place) ?? amountOf(lowest?.ListingPrice, place);
};

/**
 * Maps one entry of the item-offers batch to price and availability. Amounts are decimal major units in the shop's
 * currency; another currency is no price. A product without any offer, as Amazon states it, is out of stock.
 */
export const toOffer = (payload: OffersPayload, place: Marketplace): SourceProduct => {
  const current = currentPrice(payload, place);
  const original = amountOf(payload.Summary?.ListPrice, place);
  const nobody = payload.status === "NoBuyableOffers" || payload.Summary?.TotalOfferCount === 0;
  const fields: Partial<ProductFields> = {
    ...pricedFields(current, original, place),
    availability_type: current !== null ? "in_stock" : nobody ? "out_of_stock" : "unknown",
  };
  return { asin: payload.ASIN, fields };
};
