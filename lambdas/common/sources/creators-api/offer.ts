import { amountFromMajor, roundDecimal } from "../../core/money/money.ts";
import { isBelow, savingsOf } from "../../core/money/savings.ts";
import { availabilityFromText } from "../../core/page-text/availability-text.ts";
import type { Marketplace } from "../../core/products/marketplaces.ts";
import type { ProductFields } from "../../core/products/product.ts";
import { featuredListing, type ListingTraits } from "../reading/featured-listing.ts";
import { availabilityFromType } from "../reading/listing-availability.ts";
import type { Item, Listing, Money } from "./schema.ts";

const traitsOf = (listing: Listing): ListingTraits => ({
  condition: listing.condition?.value,
  type: listing.type,
  buyBox: listing.isBuyBoxWinner === true,
  priced: Boolean(listing.price?.money),
});

const amountOf = (money: Money | null | undefined, digits: number): string | null => {
  const amount = money?.amount;
  if (amount === null || amount === undefined) return null;
  return (typeof amount === "number" ? amountFromMajor(amount, digits) : roundDecimal(amount, digits)) ?? null;
};

const availabilityOf = (listing: Listing): Pick<ProductFields, "availability_type" | "availability_message"> => {
  const message = listing.availability?.message?.trim() || null;
  const type = listing.availability?.type;
  if (type) return { availability_type: availabilityFromType(type) ?? "unknown", availability_message: message };
  const read = message === null ? undefined : availabilityFromText(message);
  return { availability_type: read ?? (message === null ? null : "unknown"), availability_message: message };
};

const percentOf = (value: number | null | undefined): number | null =>
  typeof value === "number" && value >= 0 && value <= 100 ? value : null;

const pricesOf = (listing: Listing, place: Marketplace): Partial<ProductFields> => {
  const money = listing.price?.money;
  const currency = /^[A-Z]{3}$/.test(money?.currency ?? "") ? (money?.currency ?? place.currency) : place.currency;
  const digits = currency === place.currency ? place.currencyDigits : currency === "JPY" ? 0 : 2;
  const currentPrice = amountOf(money, digits);
  if (currentPrice === null) return {};
  const basis = amountOf(listing.price?.savingBasis?.money, digits);
  const originalPrice = basis !== null && isBelow(currentPrice, basis) ? basis : null;
  const saved = originalPrice === null ? undefined : savingsOf(originalPrice, currentPrice);
  const savings = listing.price?.savings;
  return {
    current_price: currentPrice,
    currency,
    original_price: originalPrice,
    savings_amount: amountOf(savings?.money, digits) ?? saved?.amount ?? null,
    savings_percentage: percentOf(savings?.percentage) ?? saved?.percentage ?? null,
    condition: listing.condition?.value ?? null,
  };
};

/**
 * Price, saving, condition and availability of an item's featured offer. Empty when the item has no offer of a new
 * item: the API lists featured offers only, so a missing one does not mean that nobody sells the item.
 */
export const offerFields = (item: Item, place: Marketplace): Partial<ProductFields> => {
  const listing = featuredListing(item.offersV2?.listings ?? [], traitsOf);
  return listing ? { ...pricesOf(listing, place), ...availabilityOf(listing) } : {};
};
