import type { Marketplace } from "../../core/products/marketplaces.ts";
import type { SourceItemFailure, SourceProduct } from "../../core/sources/source-client.ts";
import { codeFor } from "./errors.ts";
import { explain } from "./explain.ts";
import { type OffersBatchEntry, OffersPayloadSchema } from "./schema.ts";
import { toOffer } from "./to-offer.ts";

/** Body of a getItemOffersBatch call. */
export const offersBatchBody = (asins: readonly string[], place: Marketplace): string =>
  JSON.stringify({
    requests: asins.map((asin) => ({
      uri: `/products/pricing/v0/items/${asin}/offers`,
      method: "GET",
      MarketplaceId: place.spApiId,
      ItemCondition: "New",
      CustomerType: "Consumer",
    })),
  });

/** The ASIN of an entry: the one that its request repeats, never the one at its place in the list. */
const asinOf = (entry: OffersBatchEntry): string => {
  const payload = OffersPayloadSchema.safeParse(entry.body?.payload);
  const fromUri = /\/items\/([A-Z0-9]{10})\/offers/.exec(entry.request?.uri ?? "")?.[1];
  return (payload.success ? payload.data.ASIN : undefined) ?? entry.request?.Asin ?? fromUri ?? "";
};

/** Reads one entry of the answer: the offers, or why there are none. */
export const readOffersEntry = (entry: OffersBatchEntry, place: Marketplace): SourceProduct | SourceItemFailure => {
  const asin = asinOf(entry);
  const { statusCode } = entry.status;
  if (statusCode !== 200) {
    const { code, said } = codeFor(statusCode, entry.body);
    return { asin, code, message: said ?? explain(code).reason };
  }
  const payload = OffersPayloadSchema.safeParse(entry.body?.payload);
  if (payload.success) return toOffer(payload.data, place);
  return { asin, code: "UnexpectedShape", message: explain("UnexpectedShape").reason };
};
