import type { Json } from "../shared/json.ts";
import { moneyOf } from "../shared/products/offers-v2.ts";
import type { SimAvailabilityType, SimProduct } from "../shared/products/product.ts";
import { seededRandom } from "../shared/seeded-random.ts";
import { pascalCase } from "./pascal-case.ts";

/** The only types seen on the wire; the others have a message alone. */
const TYPES: Partial<Record<SimAvailabilityType, string>> = {
  IN_STOCK: "Now",
  IN_STOCK_SCARCE: "Now",
  LEADTIME: "Backorderable",
};

const money = (minor: number, product: SimProduct): Json => pascalCase(moneyOf(minor, product.marketplace)) as Json;

const group = (prefix: string, parts: Readonly<Record<string, unknown>>, wanted: (name: string) => boolean): Json => {
  const found: Json = {};
  for (const [name, value] of Object.entries(parts)) {
    if (value !== undefined && wanted(`${prefix}.${name}`)) found[name] = value;
  }
  return found;
};

const listingOf = (product: SimProduct, priceMinor: number, used: boolean, wanted: (name: string) => boolean): Json => {
  const listing: Json = {
    Id: seededRandom("listing", product.asin, product.marketplace.code).between(1e8, 9e8).toString(36),
    ViolatesMAP: false,
  };
  const add = (key: string, value: Json): void => {
    if (Object.keys(value).length > 0) listing[key] = value;
  };
  const at = "Offers.Listings";
  const { availability } = product;
  if (availability) {
    const parts = {
      MaxOrderQuantity: availability.maxOrderQuantity,
      Message: availability.message,
      MinOrderQuantity: availability.minOrderQuantity,
      Type: TYPES[availability.type],
    };
    add("Availability", group(`${at}.Availability`, parts, wanted));
  }
  if (wanted(`${at}.Condition`) || wanted(`${at}.Condition.SubCondition`) || wanted(`${at}.Condition.ConditionNote`)) {
    const parts = {
      SubCondition: { Value: used ? "VeryGood" : "New" },
      ConditionNote: used ? { Value: "Small scratch on the back." } : undefined,
    };
    listing.Condition = { Value: used ? "Used" : "New", ...group(`${at}.Condition`, parts, wanted) };
  }
  const delivery = { IsAmazonFulfilled: true, IsFreeShippingEligible: true, IsPrimeEligible: true };
  add("DeliveryInfo", group(`${at}.DeliveryInfo`, delivery, wanted));
  if (wanted(`${at}.IsBuyBoxWinner`)) listing.IsBuyBoxWinner = true;
  if (wanted(`${at}.LoyaltyPoints.Points`) && product.loyaltyPoints !== null) {
    listing.LoyaltyPoints = { Points: product.loyaltyPoints };
  }
  if (wanted(`${at}.MerchantInfo`)) listing.MerchantInfo = { Id: product.merchant.id, Name: product.merchant.name };
  const list = product.listPriceMinor;
  if (wanted(`${at}.Price`)) {
    listing.Price = money(priceMinor, product);
    if (list !== null && list > priceMinor) {
      const saved = money(list - priceMinor, product);
      listing.Price = {
        ...money(priceMinor, product),
        Savings: { ...saved, Percentage: Math.round(((list - priceMinor) / list) * 100) },
      };
    }
  }
  if (wanted(`${at}.SavingBasis`) && list !== null) listing.SavingBasis = money(list, product);
  add(
    "ProgramEligibility",
    group(`${at}.ProgramEligibility`, { IsPrimeExclusive: false, IsPrimePantry: false }, wanted),
  );
  return listing;
};

/** The old form of offers, or undefined where there is none. `wanted` takes PA-API names. */
export const offersV1Of = (
  product: SimProduct,
  wanted: (name: string) => boolean,
  switches: { readonly null_price_asins: readonly string[]; readonly used_buy_box: boolean },
): Json | undefined => {
  const price = product.priceMinor;
  if (price === null || switches.null_price_asins.includes(product.asin)) return undefined;
  const offers: Json = {};
  const listing = listingOf(product, price, switches.used_buy_box, wanted);
  // Id and ViolatesMAP come along, never alone.
  if (Object.keys(listing).length > 2) offers.Listings = [listing];
  const summary = group(
    "Offers.Summaries",
    { HighestPrice: money(Math.round(price * 1.2), product), LowestPrice: money(price, product), OfferCount: 4 },
    wanted,
  );
  if (Object.keys(summary).length > 0) offers.Summaries = [{ Condition: { Value: "New" }, ...summary }];
  return Object.keys(offers).length > 0 ? offers : undefined;
};
