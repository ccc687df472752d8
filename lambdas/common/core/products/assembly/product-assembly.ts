import { isoTime } from "../../clock.ts";
import { openNeeds } from "../critical-fields.ts";
import type { Enrichment } from "../enrichment.ts";
import type { Product, ProductFields, ProductStatus } from "../product.ts";
import { productKey } from "../product-key.ts";
import { SOURCE_ACCURACY } from "../quality/quality.ts";
import { storedMissing } from "./missing-fields.ts";

/** A product of which nothing is known. */
export const EMPTY_FIELDS: ProductFields = {
  parent_asin: null,
  title: null,
  description: null,
  brand: null,
  manufacturer: null,
  features: null,
  specifications: null,
  categories: null,
  image_url: null,
  images: null,
  detail_page_url: null,
  current_price: null,
  original_price: null,
  savings_amount: null,
  savings_percentage: null,
  currency: null,
  condition: null,
  availability_type: null,
  availability_message: null,
  star_rating: null,
  customer_review_count: null,
  variants: null,
};

/** Whether the shop sells it: it said so, or it gave a price and nothing to the contrary. */
export const isOnSale = (fields: Partial<ProductFields>): boolean => {
  switch (fields.availability_type) {
    case "in_stock":
    case "low_stock":
    case "preorder":
    case "backorder":
      return true;
    case "out_of_stock":
    case "unavailable":
      return false;
    default:
      return Boolean(fields.current_price);
  }
};

/** `active` once the critical fields exist, and from then on, until a definite unavailable. */
const statusOf = (existing: Product | null, fields: Partial<ProductFields>): ProductStatus => {
  if (fields.availability_type === "unavailable") return "unavailable";
  if (openNeeds(fields).length === 0) return "active";
  return existing?.status ?? "draft";
};

/**
 * The product to store after an enrichment. Of the stored copy only its history stays: `created_at`,
 * `last_available_at`, and the status where the new answer is no better; old field values never come back.
 * @param existing the stored product, or null for a new one
 * @param nowMs time of the enrichment, epoch milliseconds
 */
export const assembleProduct = (existing: Product | null, enrichment: Enrichment, nowMs: number): Product => {
  const { asin, marketplace, fields, provenance, missing, quality } = enrichment;
  const now = isoTime(nowMs);
  const origins = Object.values(provenance);
  // Fields taken from the store keep their age: a product is as fresh as its oldest part.
  const [oldest = now] = origins.map(({ fetched_at }) => fetched_at).sort();
  return {
    ...EMPTY_FIELDS,
    ...fields,
    product_id: productKey(marketplace, asin),
    asin,
    marketplace,
    status: statusOf(existing, fields),
    missing: storedMissing(missing, provenance),
    provenance,
    quality,
    stale: false,
    simulated: origins.some(({ source }) => SOURCE_ACCURACY[source] === 0),
    last_refresh_at: oldest,
    last_available_at: isOnSale(fields) ? now : (existing?.last_available_at ?? null),
    created_at: existing?.created_at ?? now,
    updated_at: now,
    expired_at: null,
  };
};

/**
 * The stored product after all sources said that it does not exist: a soft delete that keeps its fields and
 * their age, as a `stale` copy of what it was, and `last_available_at`. Null when nothing was stored. An outage must never lead here.
 */
export const markNotFound = (existing: Product | null, nowMs: number): Product | null => {
  if (existing === null) return null;
  return { ...existing, status: "unavailable", stale: true, updated_at: isoTime(nowMs) };
};
