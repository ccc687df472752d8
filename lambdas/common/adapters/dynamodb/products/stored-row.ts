import { ProductSchema } from "../../../core/products/product.ts";

/** The product of an item of the table. Items of before expiry have no `expired_at`. */
export const parseStoredRow = (item: Record<string, unknown>) =>
  ProductSchema.safeParse({ expired_at: null, ...item, product_id: item.product_key });
