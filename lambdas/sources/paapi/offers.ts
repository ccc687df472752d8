import { availabilityFromText } from "../../core/availability-text.ts";
import type { Marketplace } from "../../core/marketplaces.ts";
import { amountFromMajor } from "../../core/money.ts";
import type { Availability, ProductFields } from "../../core/product.ts";
import { savingsOf } from "../../core/savings.ts";
import type { PaapiItem, PaapiListing, PaapiMoney } from "./schema.ts";

/** Availability types of both generations; V1 leaves the type out or says only these. */
const TYPES: Readonly<Record<string, Availability>> = {
  Now: "in_stock",
  Backorderable: "backorder",
  Preorderable: "preorder",
  AVAILABLE_DATE: "backorder",
  IN_STOCK: "in_stock",
  IN_STOCK_SCARCE: "low_stock",
  LEADTIME: "in_stock",
  OUT_OF_STOCK: "out_of_stock",
  PREORDER: "preorder",
  UNAVAILABLE: "unavailable",
};

/** The new listing that the shop features: V2 before V1, the buy box before others. Used ones are never taken. */
export const featuredListing = (item: PaapiItem): PaapiListing | undefined => {
  const isNew = (listing: PaapiListing): boolean => (listing.Condition?.Value ?? "New") === "New";
  for (const listings of [item.OffersV2?.Listings, item.Offers?.Listings]) {
    const fresh = (listings ?? []).filter(isNew);
    const listing = fresh.find((candidate) => candidate.IsBuyBoxWinner) ?? fresh[0];
    if (listing) return listing;
  }
  return undefined;
};

/** Decimal text of money in the shop's own currency; a converted price is none, because it is no offer. */
const amountOf = (money: PaapiMoney | null | undefined, place: Marketplace): string | null => {
  if (typeof money?.Amount !== "number" || money.Amount <= 0) return null;
  if (money.Currency && money.Currency !== place.currency) return null;
  return amountFromMajor(money.Amount, place.currency_digits) ?? null;
};

const availabilityOf = (listing: PaapiListing): Availability => {
  const { Type, Message } = listing.Availability ?? {};
  const typed = Type ? TYPES[Type] : undefined;
  const told = Message ? availabilityFromText(Message) : undefined;
  // V1 says `Now` also of the last pieces; only the message tells.
  if (typed === "in_stock" && told === "low_stock") return told;
  return typed ?? told ?? "unknown";
};

/** Price, savings, condition and availability of an item; nothing at all when it has no new listing. */
export const offerFields = (item: PaapiItem, place: Marketplace): Partial<ProductFields> => {
  const listing = featuredListing(item);
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
