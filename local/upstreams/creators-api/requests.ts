import * as z from "zod";
import { fieldError } from "./errors.ts";
import { type CreatorsOperation, RESOURCES } from "./resources.ts";

const text = z.string().min(1).max(1000);

/** Keys of every operation. Those of the documentation's samples that mean nothing are let in and ignored. */
const common = {
  partnerTag: z.string().min(1).max(64),
  partnerType: z.literal("Associates").optional(),
  marketplace: z.string().optional(),
  operation: z.string().optional(),
  languagesOfPreference: z
    .array(z.string().regex(/^[a-z]{2}_[A-Z]{2}$/))
    .max(1)
    .optional(),
  currencyOfPreference: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .optional(),
  properties: z.record(z.string(), z.string()).optional(),
  resources: z.array(z.string()).min(1).max(100).optional(),
};
const condition = z.enum(["Any", "New"]).optional();

const GetItemsSchema = z.strictObject({
  ...common,
  itemIds: z.array(z.string()).min(1).max(10),
  itemIdType: z.literal("ASIN").optional(),
  condition,
});

const SearchItemsSchema = z
  .strictObject({
    ...common,
    condition,
    keywords: text.optional(),
    actor: text.optional(),
    artist: text.optional(),
    author: text.optional(),
    brand: text.optional(),
    title: text.optional(),
    browseNodeId: z
      .string()
      .regex(/^\d{1,19}$/)
      .optional(),
    searchIndex: text.optional(),
    // The documentation says 10, the SDK 100: the stricter one is kept.
    itemCount: z.number().int().min(1).max(10).default(10),
    itemPage: z.number().int().min(1).max(10).default(1),
    sortBy: z
      .enum(["AvgCustomerReviews", "Featured", "NewestArrivals", "Price:HighToLow", "Price:LowToHigh", "Relevance"])
      .optional(),
    minPrice: z.number().int().min(1).optional(),
    maxPrice: z.number().int().min(1).optional(),
    minSavingPercent: z.number().int().min(1).max(99).optional(),
    minReviewsRating: z.number().int().min(1).max(4).optional(),
    deliveryFlags: z.array(z.enum(["AmazonGlobal", "FreeShipping", "FulfilledByAmazon", "Prime"])).optional(),
    availability: z.enum(["Available", "IncludeOutOfStock"]).optional(),
  })
  .refine(
    (body) =>
      [
        body.keywords,
        body.actor,
        body.artist,
        body.author,
        body.brand,
        body.title,
        body.browseNodeId,
        body.searchIndex,
      ].some((value) => value !== undefined),
    { path: ["keywords"] },
  );

const GetVariationsSchema = z.strictObject({
  ...common,
  asin: z.string().min(1),
  condition,
  variationCount: z.number().int().min(1).max(10).default(10),
  variationPage: z.number().int().min(1).default(1),
});

const GetBrowseNodesSchema = z.strictObject({
  ...common,
  browseNodeIds: z
    .array(z.string().regex(/^\d{1,19}$/))
    .min(1)
    .max(10),
});

const SCHEMAS = {
  getItems: GetItemsSchema,
  searchItems: SearchItemsSchema,
  getVariations: GetVariationsSchema,
  getBrowseNodes: GetBrowseNodesSchema,
} as const;

/** The body of each operation, checked. */
export type CreatorsRequest = {
  [Operation in CreatorsOperation]: {
    readonly operation: Operation;
    readonly body: z.infer<(typeof SCHEMAS)[Operation]>;
  };
}[CreatorsOperation];

/** Checks a body. Throws ReplyError 400 that names every wrong field; unknown keys are wrong, as are PascalCase ones. */
export const parseRequest = (operation: CreatorsOperation, body: unknown): CreatorsRequest => {
  const parsed = SCHEMAS[operation].safeParse(body);
  if (!parsed.success) {
    const fields = parsed.error.issues.flatMap((issue) =>
      issue.code === "unrecognized_keys" ? issue.keys : [String(issue.path[0] ?? "body")],
    );
    throw fieldError([...new Set(fields)]);
  }
  const unknown = (parsed.data.resources ?? []).filter((name) => !RESOURCES[operation].has(name));
  if (unknown.length > 0) {
    throw fieldError(["resources"], `Request validation failed. Unknown resources: ${unknown.join(", ")}.`);
  }
  return { operation, body: parsed.data } as CreatorsRequest;
};
