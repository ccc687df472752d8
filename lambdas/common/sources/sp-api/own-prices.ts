import * as z from "zod";
import type { Marketplace } from "../../core/products/marketplaces.ts";
import type { SourceItemFailure, SourceProduct } from "../../core/sources/source-client.ts";
import { amount, list, part, text } from "../reading/lenient-leaves.ts";
import { explain } from "./explain.ts";
import { amountIn } from "./money.ts";
import { pricedFields } from "./priced-fields.ts";

const MoneySchema = z.looseObject({ CurrencyCode: text, Amount: amount });
const money = MoneySchema.nullish().catch(null);

/** One offer of the seller. `BuyingPrice` includes promotions, `RegularPrice` does not; neither includes shipping. */
const OwnOfferSchema = z.looseObject({
  /** `B2C` or `B2B`; absent unless business offers were requested. */
  offerType: text,
  ItemCondition: text,
  BuyingPrice: part({ ListingPrice: money }),
  RegularPrice: money,
});
type OwnOffer = z.infer<typeof OwnOfferSchema>;

const OwnPriceSchema = z.looseObject({
  /** `Success`, or what went wrong with this one. */
  status: text,
  ASIN: text,
  SellerSKU: text,
  Product: part({
    Identifiers: part({ MarketplaceASIN: part({ ASIN: text }) }),
    Offers: list(OwnOfferSchema),
  }),
});

/** Answer of getPricing of pricing v0, asked by ASIN or by the seller's SKU. Entries are parsed one by one. */
export const OwnPricesSchema = z.looseObject({ payload: z.array(z.unknown()) });

const isRetailNew = (offer: OwnOffer): boolean =>
  offer.ItemCondition?.toLowerCase() === "new" && (offer.offerType ?? "B2C") === "B2C";

const toOwnPrice = (raw: unknown, place: Marketplace): SourceProduct | SourceItemFailure => {
  const entry = OwnPriceSchema.safeParse(raw).data;
  const asin = entry?.Product?.Identifiers?.MarketplaceASIN?.ASIN ?? entry?.ASIN ?? "";
  if (!entry?.status || (entry.status === "Success" && asin === "")) {
    return { asin, code: "UnexpectedShape", message: explain("UnexpectedShape").reason };
  }
  if (entry.status !== "Success") {
    const code = entry.status === "ServerError" ? "InternalFailure" : "InvalidInput";
    return { asin, code, message: `${explain(code).reason} (${entry.status})` };
  }
  const offer = entry.Product?.Offers.find(isRetailNew);
  const listing = offer?.BuyingPrice?.ListingPrice;
  const current = amountIn(place, listing?.Amount, listing?.CurrencyCode);
  const regular = amountIn(place, offer?.RegularPrice?.Amount, offer?.RegularPrice?.CurrencyCode);
  // A regular price without a present one is none that was ever struck through.
  return { asin, fields: pricedFields(current, current === null ? null : regular, place) };
};

/**
 * Reads an answer of getPricing: the seller's own prices of new items, in decimal major units. It says nothing about
 * stock, or about products that the seller does not offer. Business prices are ignored.
 * @throws ZodError when the body is no such answer
 */
export const readOwnPrices = (body: unknown, place: Marketplace): (SourceProduct | SourceItemFailure)[] =>
  OwnPricesSchema.parse(body).payload.map((entry) => toOwnPrice(entry, place));
