import type { ProductField } from "../../core/products/product.ts";

/** Fields of every upstream with a catalog that do not depend on an offer. */
export const CATALOG_FIELDS: readonly ProductField[] = [
  "parent_asin",
  "title",
  "brand",
  "manufacturer",
  "features",
  "specifications",
  "categories",
  "image_url",
  "images",
  "detail_page_url",
];
