import { amountFromMajor } from "../../core/money/money.ts";
import { savingsOf } from "../../core/money/savings.ts";
import { availabilityFromText } from "../../core/page-text/availability-text.ts";
import type { Marketplace } from "../../core/products/marketplaces.ts";
import type { Availability, ProductFields } from "../../core/products/product.ts";
import { featuredListing, type ListingTraits } from "../reading/featured-listing.ts";
import { availabilityFromType } from "../reading/listing-availability.ts";
import type { PaapiItem, PaapiListing, PaapiMoney } from "./schema.ts";

const traitsOf = (listing: PaapiListing): ListingTraits => ({
  condition: listing.Condition?.Value,
  type: listing.Type,
  buyBox: listing.IsBuyBoxWinner === true,
  priced: typeof (listing.Price?.Money ?? listing.Price)?.Amount === "number",
});

/** The listing that the shop features for a new item: V2 before V1. Used items are left out. */
const featuredOf = (item: PaapiItem): PaapiListing | undefined =>
  featuredListing(item.OffersV2?.Listings ?? [], traitsOf) ?? featuredListing(item.Offers?.Listings ?? [], traitsOf);

/** Decimal text of money in the shop's own currency. A converted price is not used, because it is no offer. */
const amountOf = (money: PaapiMoney | null | undefined, place: Marketplace): string | null => {
  if (typeof money?.Amount !== "number" || money.Amount <= 0) return null;
  if (money.Currency && money.Currency !== place.currency) return null;
  return amountFromMajor(money.Amount, place.currencyDigits) ?? null;
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
  const said = listing.Price?.Savings;
  const computed = current !== null && original !== null ? savingsOf(original, current) : undefined;
  return {
    current_price: current,
    original_price: original,
    savings_amount: amountOf(said?.Money ?? said, place) ?? computed?.amount ?? null,
    savings_percentage: said?.Percentage ?? computed?.percentage ?? null,
    currency: current === null && original === null ? null : place.currency,
    condition: listing.Condition?.Value ?? null,
    availability_type: listing.Availability ? availabilityOf(listing) : null,
    availability_message: listing.Availability?.Message || null,
  };
};
