import * as z from "zod";
import { MarketplaceSchema } from "../../products/marketplaces.ts";
import { SourceIdSchema } from "../../source-ids.ts";
import { NOT_BLANK } from "../../text/not-blank.ts";
import { ProductAnswerSchema } from "./product.ts";

/** Products of one answer: a page of the sources. */
export const MAX_FOUND = 10;

const LIMIT = { error: `must be a whole number, 1 to ${MAX_FOUND}` };
const PRICE = { error: "must be a whole number of minor units, such as 1999 for 19.99" };
const price = () => z.number(PRICE).int(PRICE).min(0, PRICE).max(999_999_999_999, PRICE);

/** Body of `POST /sourcing/search`. */
export const SearchRequestSchema = z
  .strictObject({
    query: z.string().trim().min(1).max(500).describe("What to search for, in the shop's language.").meta(NOT_BLANK),
    category: z
      .string()
      .regex(/^[A-Za-z]{1,50}$/, "must be the name of a search index, such as All, Electronics or HomeAndKitchen")
      .default("All")
      .describe("Search index of the shop, as Amazon's API names it."),
    min_price: price()
      .optional()
      .describe("Least price, in the minor unit of the shop's currency: cents; yen have none, so 500 is 500 yen."),
    max_price: price().optional().describe("Highest price, in the same unit; not below `min_price`."),
    limit: z
      .number(LIMIT)
      .int(LIMIT)
      .min(1, LIMIT)
      .max(MAX_FOUND, LIMIT)
      .default(MAX_FOUND)
      .describe(`Products to find at most, 1 to ${MAX_FOUND}.`),
    marketplace: MarketplaceSchema.optional()
      .describe("The shop, as www.amazon.de, amazon.de or DE; absent: the stage's default.")
      .meta({ type: "string" }),
  })
  .refine(({ min_price, max_price }) => min_price === undefined || max_price === undefined || min_price <= max_price, {
    path: ["max_price"],
    error: "must not be below min_price",
  })
  .meta({ id: "SearchRequest" });

/** Answer of `POST /sourcing/search`. */
export const SearchAnswerSchema = z
  .object({
    products: z
      .array(ProductAnswerSchema)
      .describe("What was found, best first. None of it is stored: import what you want to keep."),
    source: SourceIdSchema.describe("The source that searched."),
  })
  .meta({ id: "SearchAnswer" });
export type SearchAnswer = z.infer<typeof SearchAnswerSchema>;
