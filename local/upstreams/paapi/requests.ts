import * as z from "zod";
import type { Marketplace } from "../../../lambdas/common/core/products/marketplaces.ts";
import { invalidValue, missingKey } from "./errors.ts";
import { languagesIn, languagesPage } from "./languages.ts";
import { PAAPI_RESOURCES, type PaapiOperation } from "./resources.ts";

const text = z.string().min(1).max(1000);

const common = {
  PartnerTag: z.string().min(1),
  PartnerType: z.literal("Associates"),
  Marketplace: z.string().optional(),
  Operation: z.string().optional(),
  LanguagesOfPreference: z.array(z.string()).max(1).optional(),
  Properties: z.record(z.string(), z.string()).optional(),
  Resources: z.array(z.string()).optional(),
};
const offerKeys = {
  Condition: z.enum(["Any", "New", "Used", "Collectible", "Refurbished"]).optional(),
  CurrencyOfPreference: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .optional(),
  Merchant: z.enum(["All", "Amazon"]).optional(),
  OfferCount: z.number().int().min(1).max(10).optional(),
};

const GetItemsSchema = z.strictObject({
  ...common,
  ...offerKeys,
  ItemIds: z.array(z.string()).min(1).max(10),
  ItemIdType: z.literal("ASIN").optional(),
});

const SearchItemsSchema = z.strictObject({
  ...common,
  ...offerKeys,
  Keywords: text.optional(),
  Actor: text.optional(),
  Artist: text.optional(),
  Author: text.optional(),
  Brand: text.optional(),
  Title: text.optional(),
  BrowseNodeId: z.string().regex(/^\d+$/).optional(),
  SearchIndex: text.optional(),
  ItemCount: z.number().int().min(1).max(10).default(10),
  ItemPage: z.number().int().min(1).max(10).default(1),
  SortBy: z
    .enum(["AvgCustomerReviews", "Featured", "NewestArrivals", "Price:HighToLow", "Price:LowToHigh", "Relevance"])
    .optional(),
  MinPrice: z.number().int().min(1).optional(),
  MaxPrice: z.number().int().min(1).optional(),
  MinSavingPercent: z.number().int().min(1).max(99).optional(),
  MinReviewsRating: z.number().int().min(1).max(4).optional(),
  DeliveryFlags: z.array(z.enum(["AmazonGlobal", "FreeShipping", "FulfilledByAmazon", "Prime"])).optional(),
  Availability: z.enum(["Available", "IncludeOutOfStock"]).optional(),
});

const GetVariationsSchema = z.strictObject({
  ...common,
  ...offerKeys,
  ASIN: z.string().min(1),
  VariationCount: z.number().int().min(1).max(10).default(10),
  VariationPage: z.number().int().min(1).default(1),
});

const GetBrowseNodesSchema = z.strictObject({
  ...common,
  BrowseNodeIds: z.array(z.string().regex(/^\d+$/)).min(1).max(10),
});

const SCHEMAS = {
  GetItems: GetItemsSchema,
  SearchItems: SearchItemsSchema,
  GetVariations: GetVariationsSchema,
  GetBrowseNodes: GetBrowseNodesSchema,
} as const;

const SEARCH_KEYS = ["Keywords", "Actor", "Artist", "Author", "Brand", "Title", "BrowseNodeId", "SearchIndex"] as const;

/** The body of each operation, checked. */
export type PaapiRequest = {
  [Operation in PaapiOperation]: { readonly operation: Operation; readonly body: z.infer<(typeof SCHEMAS)[Operation]> };
}[PaapiOperation];

/** Checks a body for a shop. Throws ReplyError 400: MissingParameter or InvalidParameterValue, for the first fault only. */
export const parsePaapiRequest = (operation: PaapiOperation, body: unknown, place: Marketplace): PaapiRequest => {
  const parsed = SCHEMAS[operation].safeParse(body);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const key = String(issue?.code === "unrecognized_keys" ? issue.keys[0] : (issue?.path[0] ?? "body"));
    const given = typeof body === "object" && body !== null && key in body;
    if (!given && issue?.code !== "unrecognized_keys") throw missingKey(key);
    throw invalidValue(`The value provided in the request for ${key} is invalid.`);
  }
  const language = parsed.data.LanguagesOfPreference?.find((one) => !languagesIn(place).includes(one));
  if (language !== undefined) {
    throw invalidValue(
      `The value ${language} provided in the request for LanguagesOfPreference is invalid. Refer ${languagesPage(place)} for valid values.`,
    );
  }
  const unknown = (parsed.data.Resources ?? []).find((name) => !PAAPI_RESOURCES[operation].has(name));
  if (unknown !== undefined)
    throw invalidValue(`The value ${unknown} provided in the request for Resources is invalid.`);
  const request = { operation, body: parsed.data } as PaapiRequest;
  if (request.operation === "SearchItems" && SEARCH_KEYS.every((key) => request.body[key] === undefined)) {
    throw missingKey("Keywords");
  }
  return request;
};
