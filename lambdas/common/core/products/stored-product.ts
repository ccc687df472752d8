import type { Product } from "./product.ts";

/** A product with what only the `products` table knows. */
export interface StoredProduct {
  readonly product: Product;
  /** Object keys of the raw answers that it was made from. */
  readonly raw_keys: readonly string[];
  /** Kept fresh by the daily refresh until then; null leaves it as it was. */
  readonly refresh_until: string | null;
}
