import { isCurrency, priceOf } from "../../core/money/price.ts";
import { availabilityFromText } from "../../core/page-text/availability-text.ts";
import type { Marketplace } from "../../core/products/marketplaces.ts";
import type { ProductFields } from "../../core/products/product.ts";
import { soundMoney } from "../../core/products/sound-money.ts";
import { featuredListing, type ListingTraits } from "../reading/featured-listing.ts";
import { availabilityFromType } from "../reading/listing-availability.ts";
import type { Item, Listing, Money } from "./schema.ts";

const currencyOf = (money: Money | null | undefined, place: Marketplace): string =>
  isCurrency(money?.currency) ? money.currency : place.currency;

const amountOf = (money: Money | null | undefined, place: Marketplace): string | null =>
  priceOf(money?.amount, currencyOf(money, place));

const traitsFor =
  (place: Marketplace) =>
  (listing: Listing): ListingTraits => ({
    condition: listing.condition?.value,
    type: listing.type,
    buyBox: listing.isBuyBoxWinner === true,
    priced: amountOf(listing.price?.money, place) !== null,
  });

const availabilityOf = (listing: Listing): Pick<ProductFields, "availability_type" | "availability_message"> => {
  const message = listing.availability?.message?.trim() || null;
  const type = listing.availability?.type;
  if (type) return { availability_type: availabilityFromType(type) ?? "unknown", availability_message: message };
  const read = message === null ? undefined : availabilityFromText(message);
  return { availability_type: read ?? (message === null ? null : "unknown"), availability_message: message };
};

const pricesOf = (listing: Listing, place: Marketplace): Partial<ProductFields> => {
  const money = listing.price?.money;
  const currentPrice = amountOf(money, place);
  if (currentPrice === null) return {};
  const currency = currencyOf(money, place);
  const basis = listing.price?.savingBasis?.money;
  return {
    current_price: currentPrice,
    currency,
    original_price: currencyOf(basis, place) === currency ? amountOf(basis, place) : null,
    savings_amount: null,
    savings_percentage: listing.price?.savings?.percentage ?? null,
    condition: listing.condition?.value ?? null,
  };
};

/**
 * Price, saving, condition and availability of an item's featured offer. Empty when the item has no offer of a new
 * item: the API lists featured offers only, so a missing one does not mean that nobody sells the item.
 */
export const offerFields = (item: Item, place: Marketplace): Partial<ProductFields> => {
  const listing = featuredListing(item.offersV2?.listings ?? [], traitsFor(place));
  return listing ? soundMoney({ ...pricesOf(listing, place), ...availabilityOf(listing) }) : {};
};
