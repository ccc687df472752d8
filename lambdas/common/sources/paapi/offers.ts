import { priceOf } from "../../core/money/price.ts";
import { availabilityFromText } from "../../core/page-text/availability-text.ts";
import type { Marketplace } from "../../core/products/marketplaces.ts";
import type { Availability, ProductFields } from "../../core/products/product.ts";
import { soundMoney } from "../../core/products/sound-money.ts";
import { featuredListing, type ListingTraits } from "../reading/featured-listing.ts";
import { availabilityFromType } from "../reading/listing-availability.ts";
import type { PaapiItem, PaapiListing, PaapiMoney } from "./schema.ts";

const traitsOf = (listing: PaapiListing): ListingTraits => ({
  condition: listing.Condition?.Value,
  type: listing.Type,
  buyBox: listing.IsBuyBoxWinner === true,
  priced: ((listing.Price?.Money ?? listing.Price)?.Amount ?? null) !== null,
});

/** The listing that the shop features for a new item: V2 before V1. Used items are left out. */
const featuredOf = (item: PaapiItem): PaapiListing | undefined =>
  featuredListing(item.OffersV2?.Listings ?? [], traitsOf) ?? featuredListing(item.Offers?.Listings ?? [], traitsOf);

/** Decimal text of money in the shop's own currency. A converted price is not used, because it is no offer. */
const amountOf = (money: PaapiMoney | null | undefined, place: Marketplace): string | null => {
  if (money?.Currency && money.Currency !== place.currency) return null;
  return priceOf(money?.Amount, place.currency);
};

const availabilityOf = (listing: PaapiListing): Availability => {
  const { Type, Message } = listing.Availability ?? {};
  const typed = Type ? availabilityFromType(Type) : undefined;
  const stated = Message ? availabilityFromText(Message) : undefined;
  // V1 says `Now` for the last pieces, too; only the message shows that.
  if (typed === "in_stock" && stated === "low_stock") return stated;
  return typed ?? stated ?? "unknown";
};

/** Price, savings, condition and availability of an item; empty when it has no new listing. */
export const offerFields = (item: PaapiItem, place: Marketplace): Partial<ProductFields> => {
  const listing = featuredOf(item);
  if (!listing) return {};
  const current = amountOf(listing.Price?.Money ?? listing.Price, place);
  const original = amountOf(listing.Price?.SavingBasis?.Money ?? listing.SavingBasis, place);
  return soundMoney({
    current_price: current,
    original_price: original,
    savings_amount: null,
    savings_percentage: listing.Price?.Savings?.Percentage ?? null,
    currency: place.currency,
    condition: listing.Condition?.Value ?? null,
    availability_type: listing.Availability ? availabilityOf(listing) : null,
    availability_message: listing.Availability?.Message || null,
  });
};
