import { ProductSchema } from "../../../core/products/product.ts";

/** The product of an item of the table. Items of before them have no `expired_at` and no `specifications`. */
export const parseStoredRow = (item: Record<string, unknown>) =>
  ProductSchema.safeParse({ expired_at: null, specifications: null, ...item, product_id: item.product_key });
