import * as z from "zod";
import { MARKETPLACES, type Marketplace } from "../../../lambdas/common/core/products/marketplaces.ts";
import type { Json } from "../shared/json.ts";
import type { SimProduct } from "../shared/products/product.ts";
import { listOf } from "./catalog-items.ts";
import { invalidInput } from "./errors.ts";
import {
  batchEntry,
  CONDITIONS,
  checkBatch,
  type EntryAnswer,
  failed,
  lookUp,
  moneyV0,
  offersPayload,
  type PricingContext,
} from "./pricing.ts";

const SKU = /^SKU-(.+)$/;
const LISTINGS_URI = /^\/products\/pricing\/v0\/listings\/([^/]+)\/offers$/;
const SELLER = "ALOCALSELLER01";

/** The ASIN behind one of the account's SKUs; undefined when it has no such SKU. */
const asinOfSku = (sku: string, context: PricingContext): string | undefined =>
  context.own.find((asin) => asin === SKU.exec(sku)?.[1]);

/** What getPricing or getCompetitivePricing was asked. */
export interface PriceQuery {
  readonly place: Marketplace;
  readonly itemType: "Asin" | "Sku";
  /** ASINs or SKUs, 1 to 20. */
  readonly ids: readonly string[];
  readonly condition: string | null;
}

/**
 * Reads the query of getPricing and getCompetitivePricing. One client encodes it twice, so it is decoded once more.
 * Throws ReplyError 400.
 */
export const parsePriceQuery = (query: URLSearchParams, withCondition: boolean): PriceQuery => {
  const params = new URLSearchParams();
  for (const [name, value] of query) {
    params.append(name, /%[0-9A-F]{2}/i.test(value) ? decodeURIComponent(value) : value);
  }
  const [marketplaceId] = listOf(params, "MarketplaceId");
  const place = MARKETPLACES.find((one) => one.spApiId === marketplaceId);
  if (!place) throw invalidInput("Invalid 'MarketplaceId' provided.");
  const itemType = params.get("ItemType");
  if (itemType !== "Asin" && itemType !== "Sku") throw invalidInput("Invalid 'ItemType' provided.");
  const name = itemType === "Asin" ? "Asins" : "Skus";
  const ids = [...new Set(listOf(params, name))];
  if (ids.length === 0 || ids.length > 20) throw invalidInput(`Invalid '${name}' provided: 1 to 20.`);
  const condition = params.get("ItemCondition");
  if (withCondition && condition !== null && !CONDITIONS.some((known) => known === condition)) {
    throw invalidInput("Invalid 'ItemCondition' provided.");
  }
  return { place, itemType, ids, condition: withCondition ? condition : null };
};

const priceEntry = (
  id: string,
  query: PriceQuery,
  context: PricingContext,
  describe: (product: SimProduct, priceMinor: number | null) => Json,
): Json => {
  const named = query.itemType === "Asin" ? { ASIN: id } : { SellerSKU: id };
  const asin = query.itemType === "Asin" ? id : asinOfSku(id, context);
  const found = asin === undefined ? undefined : lookUp(asin, query.place.spApiId, context);
  if (!found || "statusCode" in found) return { status: "ClientError", ...named };
  const marketplace = query.place.spApiId;
  return {
    status: "Success",
    ...named,
    Product: {
      Identifiers: {
        MarketplaceASIN: { MarketplaceId: marketplace, ASIN: asin },
        SKUIdentifier:
          query.itemType === "Asin"
            ? { MarketplaceId: "", SellerId: "", SellerSKU: "" }
            : { MarketplaceId: marketplace, SellerId: SELLER, SellerSKU: id },
      },
      ...describe(found.product, found.priceMinor),
    },
  };
};

const priceOf = (minor: number, place: Marketplace): Json => ({
  LandedPrice: moneyV0(minor, place),
  ListingPrice: moneyV0(minor, place),
  Shipping: moneyV0(0, place),
});

/** `getPricing`: what the account itself asks. Products that it does not sell have no offers. */
export const pricing = (query: PriceQuery, context: PricingContext): Json => ({
  payload: query.ids.map((id) =>
    priceEntry(id, query, context, (product, priceMinor) => {
      const sold = context.own.includes(product.asin) && (query.condition ?? "New") === "New";
      if (!sold || priceMinor === null) return { Offers: [] };
      const offer = {
        BuyingPrice: priceOf(priceMinor, query.place),
        RegularPrice: moneyV0(product.listPriceMinor ?? priceMinor, query.place),
        FulfillmentChannel: "MERCHANT",
        ItemCondition: "New",
        ItemSubCondition: "New",
        SellerSKU: `SKU-${product.asin}`,
      };
      return { Offers: [offer] };
    }),
  ),
});

/** `getCompetitivePricing`: the featured price of a product, from any seller. */
export const competitivePricing = (query: PriceQuery, context: PricingContext): Json => ({
  payload: query.ids.map((id) =>
    priceEntry(id, query, context, (product, priceMinor) => ({
      CompetitivePricing: {
        CompetitivePrices:
          priceMinor === null
            ? []
            : [
                {
                  CompetitivePriceId: "1",
                  Price: priceOf(priceMinor, query.place),
                  condition: "New",
                  belongsToRequester: context.own.includes(product.asin),
                },
              ],
        NumberOfOfferListings: priceMinor === null ? [] : [{ Count: 1, condition: "New" }],
      },
      SalesRankings: product.categories?.map((one) => ({ ProductCategoryId: one.id, Rank: product.salesRank })) ?? [],
    })),
  ),
});

const ListingsBatchSchema = z.object({
  requests: z
    .array(
      z.looseObject({
        uri: z.string().regex(LISTINGS_URI),
        method: z.literal("GET"),
        MarketplaceId: z.string(),
        ItemCondition: z.enum(CONDITIONS),
        CustomerType: z.enum(["Consumer", "Business"]).optional(),
      }),
    )
    .min(1)
    .max(20),
});

const listingOffers = (
  sku: string,
  request: { readonly MarketplaceId: string; readonly ItemCondition: string },
  context: PricingContext,
): EntryAnswer => {
  const { MarketplaceId, ItemCondition } = request;
  const asin = asinOfSku(sku, context);
  if (asin === undefined)
    return failed(400, "InvalidInput", `${sku} is an invalid SKU for marketplace ${MarketplaceId}`);
  const found = lookUp(asin, MarketplaceId, context);
  if ("statusCode" in found) return found;
  return { statusCode: 200, body: { payload: offersPayload(found.product, ItemCondition, found.priceMinor, sku) } };
};

/** `getListingOffersBatch`: offers of products named by the account's SKUs. Throws ReplyError 400 for a bad batch. */
export const listingOffersBatch = (body: unknown, context: PricingContext): Json => ({
  responses: checkBatch(ListingsBatchSchema, body).requests.map((request) => {
    const sku = decodeURIComponent(LISTINGS_URI.exec(request.uri)?.[1] ?? "");
    const { MarketplaceId, ItemCondition } = request;
    return batchEntry({ MarketplaceId, ItemCondition, SellerSKU: sku }, listingOffers(sku, request, context));
  }),
});
