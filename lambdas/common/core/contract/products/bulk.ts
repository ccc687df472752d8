import * as z from "zod";
import { AsinSchema } from "../../products/asin.ts";
import { MarketplaceSchema } from "../../products/marketplaces.ts";
import { ProductAnswerSchema } from "./product.ts";

/** Products of one bulk look-up: what five full calls of the first source carry, and a call of the API has time for. */
export const MAX_BULK_PRODUCTS = 50;
const SIZE = { error: `must be 1 to ${MAX_BULK_PRODUCTS} ASINs` };

/** Body of `POST /products/bulk-enhanced`. */
export const BulkRequestSchema = z
  .strictObject({
    asins: z
      .array(AsinSchema, SIZE)
      .min(1, SIZE)
      .max(MAX_BULK_PRODUCTS, SIZE)
      .describe(`The products, 1 to ${MAX_BULK_PRODUCTS}; one that is named twice is answered once.`),
    marketplace: MarketplaceSchema.optional()
      .describe("Their shop, as www.amazon.de, amazon.de or DE; absent: the stage's default.")
      .meta({ type: "string" }),
    public: z.boolean().optional().describe("Without the fields that may not stand on a public site."),
  })
  .meta({ id: "BulkRequest" });

/** A product that a look-up could not give, and why. */
export const MissingProductSchema = z
  .object({
    asin: AsinSchema.describe("The product."),
    code: z
      .string()
      .describe("Why in one word: `not_found`, or what a look-up of it alone would answer, such as `circuit_open`."),
    reason: z.string().describe("Why, in words."),
    retry_at: z.iso.datetime().nullable().describe("When asking again makes sense; null: not known, or never."),
  })
  .meta({ id: "MissingProduct" });
export type MissingProduct = z.infer<typeof MissingProductSchema>;

/** Answer of `POST /products/bulk-enhanced`: every ASIN is in one of the lists. */
export const BulkAnswerSchema = z
  .object({
    products: z.array(ProductAnswerSchema).describe("What was found, in the order of the request."),
    missing: z.array(MissingProductSchema).describe("What was not."),
  })
  .meta({ id: "BulkAnswer" });
export type BulkAnswer = z.infer<typeof BulkAnswerSchema>;
