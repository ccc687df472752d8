import * as z from "zod";
import { type ShopProduct, ShopProductSchema } from "../shop/shop-product.ts";
import { utf8Bytes } from "../text/bounded-text.ts";
import { MAX_FRAME_BYTES } from "./live-limits.ts";

/** Fields that a message does without where a frame has no room, the least missed first. What is left always fits. */
const DISPENSABLE = ["raw_caption", "tags", "sizes", "thumbnails"] as const;

/** A new product of a seller, as it is pushed. It may come twice; `seller_handle` and `video_id` say which it is. */
export const NewProductSchema = z.object({
  type: z.literal("new_product"),
  product: ShopProductSchema.partial({ raw_caption: true, tags: true, sizes: true, thumbnails: true }),
  /** Fields that had no room in the frame; the single product has them. Absent: the product is whole. */
  left_out: z.array(z.enum(DISPENSABLE)).optional(),
});
export type NewProduct = z.infer<typeof NewProductSchema>;

/** The message for a product, at most `MAX_FRAME_BYTES` long as JSON. */
export const newProductOf = (product: ShopProduct): NewProduct => {
  let message: NewProduct = { type: "new_product", product };
  for (let count = 1; utf8Bytes(JSON.stringify(message)) > MAX_FRAME_BYTES && count <= DISPENSABLE.length; count += 1) {
    const left_out = DISPENSABLE.slice(0, count);
    const kept = Object.entries(product).filter(([field]) => !left_out.some((name) => name === field));
    message = { type: "new_product", product: Object.fromEntries(kept) as NewProduct["product"], left_out };
  }
  return message;
};
