import * as z from "zod";
import { BatchItemSchema } from "../../batches/batch-row.ts";
import { SourceIdSchema } from "../../source-ids.ts";
import { orNull } from "../or-null.ts";
import { ProductAnswerSchema } from "../products/product.ts";

const item = BatchItemSchema.shape;

/** One product of a catalog with how it fared in the newest run. */
export const CatalogProductSchema = z
  .object({
    asin: item.asin.describe("The product."),
    sku: z.string().nullable().describe("Your own number for it, as uploaded; null when the row has none."),
    marketplace: z.string().describe("Its shop, such as www.amazon.de."),
    state: item.state.describe("How it fared in the newest run; `pending` before the first."),
    error_code: z.string().nullable().describe("Why it failed; null unless it did."),
    source: SourceIdSchema.nullable().describe("Source that gave it; null unless it is enriched."),
    product: orNull(ProductAnswerSchema, "What is stored of it; null when nothing is."),
  })
  .meta({ id: "CatalogProduct" });
export type CatalogProduct = z.infer<typeof CatalogProductSchema>;
