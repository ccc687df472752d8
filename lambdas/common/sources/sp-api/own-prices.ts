import * as z from "zod";
import { isBelow } from "../../core/money/savings.ts";
import type { Marketplace } from "../../core/products/marketplaces.ts";
import type { SourceItemFailure, SourceProduct } from "../../core/sources/source-client.ts";
import { explain } from "./explain.ts";
import { amountIn } from "./money.ts";
import { pricedFields } from "./priced-fields.ts";

const text = z.string().nullish();
const MoneySchema = z.looseObject({ CurrencyCode: text, Amount: z.number().nullish() });

/** One offer of the seller. `BuyingPrice` includes promotions, `RegularPrice` does not; neither includes shipping. */
const OwnOfferSchema = z.looseObject({
  /** `B2C` or `B2B`; absent unless business offers were requested. */
  offerType: text,
  ItemCondition: text,
  BuyingPrice: z.looseObject({ ListingPrice: MoneySchema.nullish() }).nullish(),
  RegularPrice: MoneySchema.nullish(),
});
type OwnOffer = z.infer<typeof OwnOfferSchema>;

const OwnPriceSchema = z.looseObject({
  /** `Success`, or what went wrong with this one. */
  status: z.string(),
  ASIN: text,
  SellerSKU: text,
  Product: z
    .looseObject({
      Identifiers: z.looseObject({ MarketplaceASIN: z.looseObject({ ASIN: z.string() }) }),
      Offers: z.array(OwnOfferSchema).nullish(),
    })
    .nullish(),
});

/** Answer of getPricing of pricing v0, asked by ASIN or by the seller's SKU. */
export const OwnPricesSchema = z.looseObject({ payload: z.array(OwnPriceSchema) });
type OwnPrice = z.infer<typeof OwnPriceSchema>;

const isRetailNew = (offer: OwnOffer): boolean =>
  offer.ItemCondition?.toLowerCase() === "new" && (offer.offerType ?? "B2C") === "B2C";

const toOwnPrice = (entry: OwnPrice, place: Marketplace): SourceProduct | SourceItemFailure => {
  const asin = entry.Product?.Identifiers.MarketplaceASIN.ASIN ?? entry.ASIN ?? "";
  if (entry.status !== "Success") {
    const code = entry.status === "ServerError" ? "InternalFailure" : "InvalidInput";
    return { asin, code, message: `${explain(code).reason} (${entry.status})` };
  }
  const offer = entry.Product?.Offers?.find(isRetailNew);
  const listing = offer?.BuyingPrice?.ListingPrice;
  const current = amountIn(place, listing?.Amount, listing?.CurrencyCode);
  const regular = amountIn(place, offer?.RegularPrice?.Amount, offer?.RegularPrice?.CurrencyCode);
  const original = current !== null && regular !== null && isBelow(current, regular) ? regular : null;
  return { asin, fields: pricedFields(current, original, place) };
};

/**
 * Reads an answer of getPricing: the seller's own prices of new items, in decimal major units. It says nothing about
 * stock, or about products that the seller does not offer. Business prices are ignored.
 * @throws ZodError when the body is no such answer
 */
export const readOwnPrices = (body: unknown, place: Marketplace): (SourceProduct | SourceItemFailure)[] =>
  OwnPricesSchema.parse(body).payload.map((entry) => toOwnPrice(entry, place));
