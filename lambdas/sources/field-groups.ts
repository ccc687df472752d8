import type { ProductField } from "../core/products/product.ts";

/** What every upstream with a catalog says of a product, whatever it costs today. */
export const CATALOG_FIELDS: readonly ProductField[] = [
  "parent_asin",
  "title",
  "brand",
  "manufacturer",
  "features",
  "categories",
  "image_url",
  "images",
  "detail_page_url",
];

/** What shoppers think of it. */
export const RATING_FIELDS: readonly ProductField[] = ["star_rating", "customer_review_count"];
