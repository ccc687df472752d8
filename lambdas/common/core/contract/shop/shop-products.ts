import * as z from "zod";
import { SellerHandleSchema, VideoIdSchema } from "../../shop/shop-ids.ts";
import { ShopProductSchema } from "../../shop/shop-product.ts";

/** A place in a seller's list, newest first. */
export const ShopListKeySchema = z
  .strictObject({
    seller_handle: SellerHandleSchema.describe("Whose list it is."),
    created_at: z.iso.datetime({ precision: 3 }).describe("Of the last product of the page."),
    video_id: VideoIdSchema.describe("The last product of the page."),
    until: z.iso.datetime({ precision: 3 }).describe("`metadata.timestamp` of the first page; later pages keep it."),
  })
  .meta({ id: "ShopListKey" });
export type ShopListKey = z.output<typeof ShopListKeySchema>;

/** Answer of `GET /shop/{handle}/products`. */
export const ShopProductsAnswerSchema = z
  .object({
    products: z.array(ShopProductSchema).describe("A page of the seller's products, newest first."),
    pagination: z
      .object({
        hasMore: z.boolean().describe("Whether more products follow."),
        lastEvaluatedKey: z
          .union([ShopListKeySchema, z.null()])
          .describe("As JSON, URL-encoded, the `lastKey` of the next page; null at the end."),
        count: z.number().int().describe("Products of this page."),
      })
      .describe("Where the list goes on."),
    metadata: z
      .object({
        sellerHandle: SellerHandleSchema.describe("Whose products they are."),
        since: z.union([z.iso.datetime(), z.null()]).describe("Only products made after it; null: all."),
        timestamp: z.iso
          .datetime()
          .describe(
            "The `since` of the next call: all that was made up to then is in this list, and nothing later is.",
          ),
      })
      .describe("What the list is of."),
  })
  .meta({ id: "ShopProducts" });
export type ShopProductsAnswer = z.output<typeof ShopProductsAnswerSchema>;
