import * as z from "zod";
import { AsinSchema } from "../../products/asin.ts";
import { MarketplaceSchema } from "../../products/marketplaces.ts";
import { ProductAnswerSchema } from "./product.ts";

/** What an import may fetch beyond the product itself. */
const IncludeSchema = z.enum(["variations"]);

/** Body of `POST /products/import`. */
export const ImportRequestSchema = z
  .strictObject({
    asin: AsinSchema.describe("The product."),
    marketplace: MarketplaceSchema.optional()
      .describe("Its shop, as www.amazon.de, amazon.de or DE; absent: the stage's default.")
      .meta({ type: "string" }),
    include: z
      .union([z.array(IncludeSchema).max(1), IncludeSchema.transform((one) => [one])])
      .default([])
      .describe('`["variations"]`: its colour variants too, at one more call a page of them.')
      .meta({ type: "array", items: { type: "string", enum: ["variations"] }, default: [] }),
  })
  .meta({ id: "ImportRequest" });

/** Answer of `POST /products/import`. */
export const ImportAnswerSchema = z
  .object({
    product_id: z.string().describe("`<marketplace>#<asin>`."),
    imported_fields: z.array(z.string()).describe("Fields that sources gave; the others are null."),
    product: ProductAnswerSchema.describe("The product as it is stored now."),
  })
  .meta({ id: "ImportAnswer" });
export type ImportAnswer = z.infer<typeof ImportAnswerSchema>;
