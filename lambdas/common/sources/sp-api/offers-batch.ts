import { textStart } from "../../core/page-text/text-start.ts";
import { isAsin } from "../../core/products/asin.ts";
import type { Marketplace } from "../../core/products/marketplaces.ts";
import type { SourceItemFailure, SourceProduct } from "../../core/sources/source-client.ts";
import { codeFor } from "./errors.ts";
import { explain } from "./explain.ts";
import { type OffersBatchEntry, OffersBatchEntrySchema, type OffersPayload, OffersPayloadSchema } from "./schema.ts";
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

/** The ASIN of an entry: the one that it or its request names, never the one at its place in the list. */
const asinOf = (entry: OffersBatchEntry, payload: OffersPayload | undefined): string => {
  const fromUri = /\/items\/([A-Z0-9]{10})\/offers/.exec(textStart(entry.request?.uri ?? ""))?.[1];
  return [payload?.ASIN, entry.request?.Asin, fromUri].find((asin) => asin && isAsin(asin)) ?? "";
};

const unknownShape = (asin: string): SourceItemFailure => ({
  asin,
  code: "UnexpectedShape",
  message: explain("UnexpectedShape").reason,
});

/** Reads one entry of the answer: the offers, or why there are none. */
export const readOffersEntry = (raw: unknown, place: Marketplace): SourceProduct | SourceItemFailure => {
  const entry = OffersBatchEntrySchema.safeParse(raw).data;
  const statusCode = entry?.status?.statusCode ?? null;
  if (!entry || statusCode === null) return unknownShape(entry ? asinOf(entry, undefined) : "");
  const payload = OffersPayloadSchema.safeParse(entry.body?.payload).data;
  const asin = asinOf(entry, payload);
  if (statusCode !== 200) {
    const { code, said } = codeFor(statusCode, entry.body);
    return { asin, code, message: said ?? explain(code).reason };
  }
  return payload && asin !== "" ? toOffer(asin, payload, place) : unknownShape(asin);
};
