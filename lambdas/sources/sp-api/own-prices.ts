import * as z from "zod";
import { isBelow } from "../../core/money/savings.ts";
import type { Marketplace } from "../../core/products/marketplaces.ts";
import type { SourceItemFailure, SourceProduct } from "../../core/sources/source-client.ts";
import { explain } from "./explain.ts";
import { amountIn } from "./money.ts";
import { pricedFields } from "./priced-fields.ts";

const text = z.string().nullish();
const MoneySchema = z.looseObject({ CurrencyCode: text, Amount: z.number().nullish() });

/** One offer of the seller's own. `BuyingPrice` has promotions in it, `RegularPrice` has not; neither has shipping. */
const OwnOfferSchema = z.looseObject({
  /** `B2C` or `B2B`; left out unless business offers were asked for. */
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
 * Reads an answer of getPricing: what the seller himself asks for his new goods, in decimal major units. Says nothing
 * of stock, and nothing at all of products that the seller does not offer. Business prices are passed over.
 * @throws ZodError when the body is no such answer
 */
export const readOwnPrices = (body: unknown, place: Marketplace): (SourceProduct | SourceItemFailure)[] =>
  OwnPricesSchema.parse(body).payload.map((entry) => toOwnPrice(entry, place));
