import * as z from "zod";
import { AsinSchema } from "./asin.ts";
import { AmountSchema } from "./money.ts";
import { SourceIdSchema } from "./source-ids.ts";

/** What a shop says of availability, in one vocabulary for all sources. `unknown` means that it did not say. */
export const AvailabilitySchema = z.enum([
  "in_stock",
  "low_stock",
  "preorder",
  "backorder",
  "out_of_stock",
  "unavailable",
  "unknown",
]);
export type Availability = z.infer<typeof AvailabilitySchema>;

/** One picture; pixels, null when the source does not say. */
export const ImageSchema = z.object({
  url: z.url(),
  width: z.number().int().positive().nullable(),
  height: z.number().int().positive().nullable(),
});

/** One colour variant with its pictures, small to large. */
export const VariantSchema = z.object({
  color_name: z.string().nullable(),
  asin: AsinSchema,
  images: z.array(
    z.object({ small: z.string().nullable(), medium: z.string().nullable(), large: z.string().nullable() }),
  ),
});
export type Variant = z.infer<typeof VariantSchema>;

/**
 * The fields that a source can give. Null means that it has none; lists are null rather than empty when the
 * source gave nothing. Prices are those of a new item from the featured offer.
 */
export const ProductFieldsSchema = z.object({
  parent_asin: AsinSchema.nullable(),
  title: z.string().min(1).nullable(),
  description: z.string().nullable(),
  brand: z.string().nullable(),
  manufacturer: z.string().nullable(),
  features: z.array(z.string()).nullable(),
  categories: z.array(z.string()).nullable(),
  image_url: z.url().nullable(),
  images: z.array(ImageSchema).nullable(),
  detail_page_url: z.url().nullable(),
  current_price: AmountSchema.nullable(),
  original_price: AmountSchema.nullable(),
  savings_amount: AmountSchema.nullable(),
  savings_percentage: z.number().min(0).max(100).nullable(),
  currency: z.string().length(3).nullable(),
  condition: z.string().nullable(),
  availability_type: AvailabilitySchema.nullable(),
  availability_message: z.string().nullable(),
  star_rating: z.number().min(0).max(5).nullable(),
  customer_review_count: z.number().int().min(0).nullable(),
  variants: z.array(VariantSchema).nullable(),
});
export type ProductFields = z.infer<typeof ProductFieldsSchema>;
export type ProductField = keyof ProductFields;

/** Names of all fields, in the order in which they are shown. */
export const PRODUCT_FIELDS = Object.keys(ProductFieldsSchema.shape) as ProductField[];

/** Where one field came from and when. */
export const ProvenanceSchema = z.object({ source: SourceIdSchema, fetched_at: z.iso.datetime() });
export type Provenance = z.infer<typeof ProvenanceSchema>;

/** Score of a product, each part 0 to 1; `reasons` says in words what lowered it. */
export const QualitySchema = z.object({
  overall: z.number().min(0).max(1),
  completeness: z.number().min(0).max(1),
  accuracy: z.number().min(0).max(1),
  freshness: z.number().min(0).max(1),
  reasons: z.array(z.string()),
});
export type Quality = z.infer<typeof QualitySchema>;

/** `draft` until the critical fields exist, then `active`; `unavailable` is a soft delete. */
export const ProductStatusSchema = z.enum(["draft", "active", "unavailable"]);
export type ProductStatus = z.infer<typeof ProductStatusSchema>;

/** A product as stored in `products` and answered by the API. */
export const ProductSchema = ProductFieldsSchema.extend({
  /** `<marketplace>#<asin>`, the table's key. */
  product_id: z.string(),
  asin: AsinSchema,
  marketplace: z.string(),
  status: ProductStatusSchema,
  missing: z.array(z.object({ field: z.string(), reason: z.string() })),
  provenance: z.partialRecord(z.string(), ProvenanceSchema),
  quality: QualitySchema,
  /** True on a copy served although it is older than it should be. */
  stale: z.boolean(),
  /** True when any field comes from the labelled `sample-data` source. */
  simulated: z.boolean(),
  last_refresh_at: z.iso.datetime(),
  last_available_at: z.iso.datetime().nullable(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
});
export type Product = z.infer<typeof ProductSchema>;
