import type { Marketplace } from "../../core/products/marketplaces.ts";
import type { Availability } from "../../core/products/product.ts";
import type { SourceProduct } from "../../core/sources/source-client.ts";
import { amountIn, comparable } from "./money.ts";
import { pricedFields } from "./priced-fields.ts";
import type { OfferMoney, OfferPrice, OffersPayload } from "./schema.ts";

const isNew = (price: OfferPrice): boolean => price.condition?.toLowerCase() === "new";

const amountOf = (money: OfferMoney | null | undefined, place: Marketplace): string | null =>
  amountIn(place, money?.Amount, money?.CurrencyCode);

/** Listing price of the featured new offer; without one, of the new offer that is cheapest with shipping. */
const currentPrice = (payload: OffersPayload, place: Marketplace): string | null => {
  const featured = payload.Summary?.BuyBoxPrices.find(isNew);
  const landed = (price: OfferPrice): number => comparable(price.LandedPrice?.Amount ?? price.ListingPrice?.Amount);
  const [lowest] = (payload.Summary?.LowestPrices ?? []).filter(isNew).sort((a, b) => landed(a) - landed(b));
  return amountOf(featured?.ListingPrice, place) ?? amountOf(lowest?.ListingPrice, place);
};

/** Statuses under which a count is what Amazon counted; absent in older answers. Any other says that it is none yet. */
const COUNTED: ReadonlySet<string | null | undefined> = new Set(["Success", null, undefined, ""]);

/** What an answer without a price says of the stock. Its count of offers means nothing without its status. */
const withoutPrice = ({ status, Summary }: OffersPayload): Availability => {
  if (status === "NoBuyableOffers") return "out_of_stock";
  return COUNTED.has(status) && Summary?.TotalOfferCount === 0 ? "out_of_stock" : "unknown";
};

/**
 * Maps one entry of the item-offers batch to price and availability. Amounts are decimal major units in the shop's
 * currency; another currency is no price. A product without any offer, as Amazon states it, is out of stock; one that
 * Amazon has not counted yet (`ActiveButTooSoonForProcessing`) is unknown, so that the next source is asked.
 */
export const toOffer = (asin: string, payload: OffersPayload, place: Marketplace): SourceProduct => {
  const current = currentPrice(payload, place);
  const original = amountOf(payload.Summary?.ListPrice, place);
  const availability = current !== null ? "in_stock" : withoutPrice(payload);
  return { asin, fields: { ...pricedFields(current, original, place), availability_type: availability } };
};
