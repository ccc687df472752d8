import * as z from "zod";
import { availabilityOf } from "./made-up-product.ts";
import type { SimProduct } from "./product.ts";
import type { ProductSource } from "./product-source.ts";

/** What a shop offers of one product from now on; what is left out stays as it was. */
const ChangedOfferSchema = z.strictObject({
  /** Whole minor units of the shop's currency. */
  price_minor: z.number().int().positive().optional(),
  availability: z.enum(["IN_STOCK", "IN_STOCK_SCARCE", "OUT_OF_STOCK", "UNAVAILABLE"]).optional(),
});
type ChangedOffer = z.infer<typeof ChangedOfferSchema>;

/** The switch by which a shop changes its mind: changed offers by ASIN. */
export const ChangedOffersSchema = z.record(z.string(), ChangedOfferSchema);
type ChangedOffers = z.infer<typeof ChangedOffersSchema>;

const UNSOLD = ["OUT_OF_STOCK", "UNAVAILABLE"];

const withOffer = (product: SimProduct, { price_minor, availability }: ChangedOffer): SimProduct => {
  const type = availability ?? (product.priceMinor === null ? "IN_STOCK" : undefined);
  const changed =
    type === undefined ? product : { ...product, availability: availabilityOf(type, product.marketplace) };
  // As for made-up products: what is not sold has no price.
  if (type !== undefined && UNSOLD.includes(type)) {
    return { ...changed, priceMinor: null, listPriceMinor: null, deal: null };
  }
  const priceMinor = price_minor ?? product.priceMinor;
  const { listPriceMinor } = product;
  const saves = listPriceMinor !== null && priceMinor !== null && listPriceMinor > priceMinor;
  return { ...changed, priceMinor, listPriceMinor: saves ? listPriceMinor : null };
};

/** The products of a source, with the offers that the switch says at the time of each look. */
export const withChangedOffers = (products: ProductSource, offers: () => ChangedOffers): ProductSource => ({
  get: (asin, place) => {
    const product = products.get(asin, place);
    const offer = offers()[asin];
    return offer ? withOffer(product, offer) : product;
  },
  search: (words, place) => products.search(words, place),
  familyOf: (asin) => products.familyOf(asin),
});
