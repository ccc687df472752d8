import type { Marketplace } from "../../../../lambdas/common/core/products/marketplaces.ts";
import type { Json, Wanted } from "../json.ts";
import type { SimProduct } from "./product.ts";
import { displayAmount, majorAmount } from "./shop-language.ts";

/** What may be odd about an offer. */
export interface OfferSwitches {
  /** No featured offer at all for these. */
  readonly null_price_asins: readonly string[];
  /** A listing that says neither price nor savings. */
  readonly unpriced_listing_asins: readonly string[];
  /** The featured offer is a used one, everywhere. */
  readonly used_buy_box: boolean;
  /** Words that no documentation lists, in savingBasisType, availability.type and type. */
  readonly unknown_enums: boolean;
}

/** An amount with its currency, as the APIs write it: a JSON number in major units. */
export const moneyOf = (minor: number, place: Marketplace): Json => ({
  amount: majorAmount(minor, place),
  currency: place.currency,
  displayAmount: displayAmount(minor, place),
});

const SAVING_LABELS = { LIST_PRICE: "List Price", WAS_PRICE: "Was", LOWEST_PRICE: "Lowest price in 30 days" } as const;

const priceOf = (product: SimProduct, priceMinor: number, switches: OfferSwitches): Json => {
  const place = product.marketplace;
  const price: Json = { money: moneyOf(priceMinor, place) };
  if (product.unitCount > 1) {
    const each = moneyOf(Math.round(priceMinor / product.unitCount), place);
    // Only the text has the unit.
    price.pricePerUnit = { ...each, displayAmount: `${String(each.displayAmount)} / Count` };
  }
  if (product.listPriceMinor !== null) {
    const saved = product.listPriceMinor - priceMinor;
    price.savingBasis = {
      money: moneyOf(product.listPriceMinor, place),
      savingBasisType: switches.unknown_enums ? "MEMBER_PRICE" : product.savingBasis,
      savingBasisTypeLabel: SAVING_LABELS[product.savingBasis],
    };
    price.savings = {
      money: moneyOf(saved, place),
      percentage: Math.round((saved / product.listPriceMinor) * 100),
    };
  }
  return price;
};

const conditionOf = (used: boolean): Json =>
  used
    ? { value: "Used", subCondition: "VeryGood", conditionNote: "Small scratch on the back." }
    : { value: "New", subCondition: "Unknown", conditionNote: "" };

/**
 * The featured offer, or undefined when there is none: a parent, an ASIN that is set to have none, or a product of
 * which neither price nor availability is known.
 */
export const offersV2Of = (product: SimProduct, wanted: Wanted, switches: OfferSwitches): Json | undefined => {
  const part = (name: string): boolean => wanted(`offersV2.listings.${name}`);
  const none = product.priceMinor === null && product.availability === null;
  if (none || switches.null_price_asins.includes(product.asin)) return undefined;
  const used = switches.used_buy_box && product.priceMinor !== null;
  const listing: Json = {};
  if (part("availability") && product.availability) {
    const { type, message, minOrderQuantity, maxOrderQuantity } = product.availability;
    listing.availability = {
      maxOrderQuantity,
      message,
      minOrderQuantity,
      type: switches.unknown_enums ? "IN_STOCK_SOMEWHERE" : type,
    };
  }
  if (part("condition")) listing.condition = conditionOf(used);
  if (part("dealDetails") && product.deal) {
    const { accessType, badge, percentClaimed } = product.deal;
    listing.dealDetails = {
      accessType,
      badge,
      percentClaimed,
      // Both precisions are seen on the wire, in one object.
      startTime: "2026-11-01T08:00Z",
      endTime: "2026-12-31T07:59:59Z",
    };
  }
  if (part("isBuyBoxWinner")) listing.isBuyBoxWinner = product.priceMinor !== null;
  if (part("loyaltyPoints") && product.loyaltyPoints !== null)
    listing.loyaltyPoints = { points: product.loyaltyPoints };
  if (part("merchantInfo")) listing.merchantInfo = { ...product.merchant };
  const priced = product.priceMinor !== null && !switches.unpriced_listing_asins.includes(product.asin);
  if (part("price") && priced && product.priceMinor !== null) {
    listing.price = priceOf(product, used ? Math.round(product.priceMinor * 0.7) : product.priceMinor, switches);
  }
  if (part("type") && product.deal?.lightning) {
    listing.type = switches.unknown_enums ? "FLASH_DEAL" : "LIGHTNING_DEAL";
  }
  if (Object.keys(listing).length === 0) return undefined;
  listing.violatesMAP = false;
  return { listings: [listing] };
};
