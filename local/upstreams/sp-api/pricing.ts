import { randomUUID } from "node:crypto";
import * as z from "zod";
import { isAsin } from "../../../lambdas/common/core/products/asin.ts";
import { MARKETPLACES, type Marketplace } from "../../../lambdas/common/core/products/marketplaces.ts";
import type { Json } from "../shared/json.ts";
import type { SimProduct } from "../shared/products/product.ts";
import type { ProductSource } from "../shared/products/product-source.ts";
import { majorAmount } from "../shared/products/shop-language.ts";
import { invalidInput, spBody } from "./errors.ts";

/** What pricing works with. */
export interface PricingContext {
  readonly products: ProductSource;
  readonly notFound: readonly string[];
  readonly unpriced: readonly string[];
  /** ASINs that the account sells. */
  readonly own: readonly string[];
  /** Whether the credential may ask this shop. */
  allowed(place: Marketplace): boolean;
}

/** What one entry of a batch came to. */
export interface EntryAnswer {
  readonly statusCode: number;
  readonly body: unknown;
}

const REASONS: Readonly<Record<number, string>> = { 200: "OK", 400: "Bad Request", 403: "Forbidden", 404: "Not Found" };

/** One entry's refusal. */
export const failed = (statusCode: number, code: string, message: string): EntryAnswer => ({
  statusCode,
  body: spBody(code, message),
});

/** Amount and currency, in v0's capitals. */
export const moneyV0 = (minor: number, place: Marketplace): Json => ({
  CurrencyCode: place.currency,
  Amount: majorAmount(minor, place),
});
const money = (minor: number, place: Marketplace): Json => ({
  currencyCode: place.currency,
  amount: majorAmount(minor, place),
});

/** Offers of a product, found by ASIN or by the seller's own SKU. */
export const offersPayload = (
  product: SimProduct,
  condition: string,
  priceMinor: number | null,
  sku: string | null = null,
): Json => {
  const place = product.marketplace;
  const identifier = { MarketplaceId: place.spApiId, ItemCondition: condition };
  const head = {
    ...(sku === null ? { ASIN: product.asin } : { SKU: sku }),
    marketplaceId: place.spApiId,
    status: priceMinor === null ? "NoBuyableOffers" : "Success",
    ItemCondition: condition,
    Identifier: sku === null ? { ...identifier, ASIN: product.asin } : { ...identifier, SellerSKU: sku },
  };
  const ranks = product.categories?.map(({ id }) => ({ ProductCategoryId: id, Rank: product.salesRank })) ?? [];
  if (priceMinor === null) return { ...head, Summary: { TotalOfferCount: 0 }, Offers: [] };
  const price = {
    LandedPrice: moneyV0(priceMinor, place),
    ListingPrice: moneyV0(priceMinor, place),
    Shipping: moneyV0(0, place),
  };
  const count = [{ condition: "new", fulfillmentChannel: "Amazon", OfferCount: 1 }];
  return {
    ...head,
    Summary: {
      LowestPrices: [{ condition: "new", fulfillmentChannel: "Amazon", ...price }],
      BuyBoxPrices: [{ condition: "New", ...price }],
      NumberOfOffers: count,
      BuyBoxEligibleOffers: count,
      SalesRankings: ranks,
      ...(product.listPriceMinor === null ? {} : { ListPrice: moneyV0(product.listPriceMinor, place) }),
      TotalOfferCount: 1,
    },
    Offers: [
      {
        Shipping: moneyV0(0, place),
        ListingPrice: moneyV0(priceMinor, place),
        ShippingTime: { maximumHours: 24, minimumHours: 24, availabilityType: "NOW" },
        ShipsFrom: { Country: place.country },
        PrimeInformation: { IsPrime: true, IsNationalPrime: true },
        SubCondition: "new",
        SellerId: product.merchant.id,
        IsFeaturedMerchant: true,
        IsBuyBoxWinner: true,
        IsFulfilledByAmazon: true,
      },
    ],
  };
};

const summaryBody = (product: SimProduct, included: readonly string[], priceMinor: number | null): Json => {
  const place = product.marketplace;
  const offer =
    priceMinor === null
      ? null
      : {
          sellerId: product.merchant.id,
          condition: "New",
          fulfillmentType: "AFN",
          listingPrice: money(priceMinor, place),
          shippingOptions: [{ shippingOptionType: "DEFAULT", price: money(0, place) }],
        };
  const body: Json = { asin: product.asin, marketplaceId: place.spApiId };
  if (included.includes("featuredBuyingOptions")) {
    body.featuredBuyingOptions = offer
      ? [{ buyingOptionType: "New", segmentedFeaturedOffers: [{ ...offer, featuredOfferSegments: [] }] }]
      : [];
  }
  if (included.includes("referencePrices")) {
    body.referencePrices =
      product.listPriceMinor === null ? [] : [{ name: "WasPrice", price: money(product.listPriceMinor, place) }];
  }
  if (included.includes("lowestPricedOffers")) {
    const lowestPricedOffersInput = { itemCondition: "New", offerType: "Consumer" };
    body.lowestPricedOffers = [{ lowestPricedOffersInput, offers: offer ? [offer] : [] }];
  }
  return body;
};

/** Finds the product of an entry, or says why not; `priceMinor` is null where nobody sells it. */
export const lookUp = (
  asin: string,
  marketplaceId: string,
  context: PricingContext,
): EntryAnswer | { product: SimProduct; priceMinor: number | null } => {
  const place = MARKETPLACES.find((one) => one.spApiId === marketplaceId);
  if (!place) return failed(400, "InvalidInput", "Invalid 'MarketplaceId' provided.");
  if (!context.allowed(place)) return failed(403, "Unauthorized", "Access to requested resource is denied.");
  if (!isAsin(asin)) return failed(400, "InvalidInput", `${asin} is an invalid ASIN for marketplace ${marketplaceId}`);
  if (context.notFound.includes(asin))
    return failed(404, "NOT_FOUND", `Requested item, ${asin}, not found in marketplace(s) ${marketplaceId}.`);
  const product = context.products.get(asin, place);
  return { product, priceMinor: context.unpriced.includes(asin) ? null : product.priceMinor };
};

/** `getItemOffers` for one ASIN. */
export const itemOffers = (
  asin: string,
  marketplaceId: string,
  condition: string,
  context: PricingContext,
): EntryAnswer => {
  const found = lookUp(asin, marketplaceId, context);
  if ("statusCode" in found) return found;
  return { statusCode: 200, body: { payload: offersPayload(found.product, condition, found.priceMinor) } };
};

/** Conditions that an offer may be asked for in. */
export const CONDITIONS = ["New", "Used", "Collectible", "Refurbished", "Club"] as const;
/** Where a batch of offers by ASIN points; the ASIN is its group. */
const OFFERS_URI = /^\/products\/pricing\/v0\/items\/([^/]+)\/offers$/;

const OffersBatchSchema = z.object({
  requests: z
    .array(
      z.looseObject({
        uri: z.string().regex(OFFERS_URI),
        method: z.literal("GET"),
        MarketplaceId: z.string(),
        ItemCondition: z.enum(CONDITIONS),
        CustomerType: z.enum(["Consumer", "Business"]).optional(),
      }),
    )
    .min(1)
    .max(20),
});

const SUMMARY_URI = "/products/pricing/2022-05-01/items/competitiveSummary";
const SUMMARY_DATA = ["featuredBuyingOptions", "referencePrices", "lowestPricedOffers", "similarItems"];

const SummaryBatchSchema = z.object({
  requests: z
    .array(
      z.looseObject({
        uri: z.literal(SUMMARY_URI),
        method: z.literal("GET"),
        asin: z.string(),
        marketplaceId: z.string(),
        includedData: z.array(z.string().refine((name) => SUMMARY_DATA.includes(name))).min(1),
      }),
    )
    .min(1)
    .max(20),
});

/** One entry of a batch's answer, with the request that it repeats. */
export const batchEntry = (request: Json, { statusCode, body }: EntryAnswer): Json => ({
  headers: { Date: new Date().toUTCString(), "x-amzn-RequestId": randomUUID() },
  status: { statusCode, reasonPhrase: REASONS[statusCode] ?? "" },
  body,
  request,
});

/** The body of a batch as its schema reads it. Throws ReplyError 400. */
export const checkBatch = <Output>(schema: z.ZodType<Output>, body: unknown): Output => {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw invalidInput(`Invalid Input: ${parsed.error.issues.map((issue) => issue.path.join(".")).join(", ")}`);
};

/** ASINs of a pricing batch, for the log. */
export const batchAsins = (body: unknown): string[] => {
  const shape = z.object({
    requests: z.array(z.looseObject({ uri: z.string().optional(), asin: z.string().optional() })),
  });
  const parsed = shape.safeParse(body);
  if (!parsed.success) return [];
  return parsed.data.requests.flatMap(({ uri, asin }) => asin ?? OFFERS_URI.exec(uri ?? "")?.[1] ?? []);
};

/** `getItemOffersBatch`: each entry has its own status, the whole is 200. Throws ReplyError 400 for a bad batch. */
export const itemOffersBatch = (body: unknown, context: PricingContext): Json => ({
  responses: checkBatch(OffersBatchSchema, body).requests.map((request) => {
    const asin = OFFERS_URI.exec(request.uri)?.[1] ?? "";
    return batchEntry(
      { MarketplaceId: request.MarketplaceId, ItemCondition: request.ItemCondition, Asin: asin },
      itemOffers(asin, request.MarketplaceId, request.ItemCondition, context),
    );
  }),
});

/** `getCompetitiveSummary`: as above, in the newer form. */
export const competitiveSummary = (body: unknown, context: PricingContext): Json => ({
  responses: checkBatch(SummaryBatchSchema, body).requests.map((request) => {
    const found = lookUp(request.asin, request.marketplaceId, context);
    const answer =
      "statusCode" in found
        ? found
        : { statusCode: 200, body: summaryBody(found.product, request.includedData, found.priceMinor) };
    const { status, body: answered } = batchEntry({}, answer) as { status: unknown; body: unknown };
    return { status, body: answered };
  }),
});
