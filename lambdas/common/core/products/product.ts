import * as z from "zod";
import { AmountSchema } from "../money/money.ts";
import { SourceIdSchema } from "../source-ids.ts";
import { AsinSchema } from "./asin.ts";

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

/** One picture. */
export const ImageSchema = z.object({
  url: z.url().describe("Address of the picture."),
  width: z.number().int().positive().nullable().describe("Pixels; null when the source does not say."),
  height: z.number().int().positive().nullable().describe("Pixels; null when the source does not say."),
});

/** One colour variant with its pictures. */
export const VariantSchema = z.object({
  color_name: z.string().nullable().describe("Colour in the shop's words; null when there is none."),
  asin: AsinSchema.describe("ASIN of the variant."),
  images: z
    .array(
      z.object({
        small: z.string().nullable().describe("Address of the small picture; null when there is none."),
        medium: z.string().nullable().describe("Address of the medium picture; null when there is none."),
        large: z.string().nullable().describe("Address of the large picture; null when there is none."),
      }),
    )
    .describe("Its pictures."),
});
export type Variant = z.infer<typeof VariantSchema>;

/** One attribute of a product by its name. */
export const SpecificationSchema = z.object({
  name: z.string().min(1).describe("What it is, in the words of the source, such as Color."),
  value: z.string().min(1).describe("Its value with its unit, such as 13 inches."),
});
export type Specification = z.infer<typeof SpecificationSchema>;

/**
 * The fields that a source can give. Null means that it has none; lists are null rather than empty when the
 * source gave nothing. Prices are those of a new item from the featured offer.
 */
export const ProductFieldsSchema = z.object({
  parent_asin: AsinSchema.nullable().describe("ASIN of the family that it is a variant of."),
  title: z.string().min(1).nullable().describe("Title, in the shop's language."),
  description: z.string().nullable().describe("Description, plain text."),
  brand: z.string().nullable().describe("Brand."),
  manufacturer: z.string().nullable().describe("Manufacturer."),
  features: z.array(z.string()).nullable().describe("Bullet points of the product page."),
  specifications: z
    .array(SpecificationSchema)
    .nullable()
    .describe("Attributes by name, all of one source, such as colour, model and dimensions."),
  categories: z.array(z.string()).nullable().describe("Names of the categories that it is listed in."),
  image_url: z.url().nullable().describe("Address of the main picture."),
  images: z.array(ImageSchema).nullable().describe("All pictures."),
  detail_page_url: z.url().nullable().describe("Address of the product page, with the partner tag when it has one."),
  current_price: AmountSchema.nullable().describe(
    "Price of a new item from the featured offer: decimal text in `currency`, such as 60.02.",
  ),
  original_price: AmountSchema.nullable().describe("Price before the saving, decimal text."),
  savings_amount: AmountSchema.nullable().describe("What is saved, decimal text."),
  savings_percentage: z.number().min(0).max(100).nullable().describe("What is saved, per cent of `original_price`."),
  currency: z.string().length(3).nullable().describe("Currency of the prices, ISO 4217, such as EUR."),
  condition: z.string().nullable().describe("Condition of the offered item, such as New."),
  availability_type: AvailabilitySchema.nullable().describe(
    "Availability in one vocabulary for all sources; `unknown`: the shop did not say.",
  ),
  availability_message: z.string().nullable().describe("Availability in the shop's own words."),
  star_rating: z.number().min(0).max(5).nullable().describe("Mean rating, 0 to 5 stars."),
  customer_review_count: z.number().int().min(0).nullable().describe("Number of ratings."),
  variants: z
    .array(VariantSchema)
    .nullable()
    .describe("Colour variants; only runs with `include=variations` ask for them."),
});
export type ProductFields = z.infer<typeof ProductFieldsSchema>;
export type ProductField = keyof ProductFields;

/** Names of all fields, in the order in which they are shown. */
export const PRODUCT_FIELDS = Object.keys(ProductFieldsSchema.shape) as ProductField[];

/** Where one field came from and when. */
export const ProvenanceSchema = z.object({
  source: SourceIdSchema.describe("Source that gave the field."),
  fetched_at: z.iso.datetime().describe("When it gave it."),
  cut: z.string().optional().describe("What was cut from the value, which was too large to keep; absent: nothing."),
});
export type Provenance = z.infer<typeof ProvenanceSchema>;

/** Score of a product, each part 0 to 1. */
export const QualitySchema = z.object({
  overall: z.number().min(0).max(1).describe("0.4 completeness + 0.4 accuracy + 0.2 freshness."),
  completeness: z.number().min(0).max(1).describe("Share of title, price, image and rating that is there."),
  accuracy: z.number().min(0).max(1).describe("Mean trust in the sources of title, price and image."),
  freshness: z.number().min(0).max(1).describe("1 when new, falling to 0 over 7 days."),
  reasons: z.array(z.string()).describe("What lowered the score, in words; empty for a perfect one."),
});
export type Quality = z.infer<typeof QualitySchema>;

/** `draft` until the critical fields exist, then `active`; `unavailable` is a soft delete. */
export const ProductStatusSchema = z.enum(["draft", "active", "unavailable"]);
export type ProductStatus = z.infer<typeof ProductStatusSchema>;

/** A product as stored in `products` and answered by the API. */
export const ProductSchema = ProductFieldsSchema.extend({
  product_id: z.string().describe("`<marketplace>#<asin>`, such as `www.amazon.de#B0EXAMPLE1`."),
  asin: AsinSchema.describe("The product."),
  marketplace: z.string().describe("Its shop; the same ASIN in two shops is two products."),
  status: ProductStatusSchema.describe(
    "`draft` until title, image and a price or availability are known, then `active`; `unavailable`: not sold any more, its last data stay.",
  ),
  missing: z
    .array(
      z.object({
        field: z.string().describe("Name of the field."),
        reason: z.string().describe("Why it is missing, in words."),
      }),
    )
    .describe("Fields that were expected and that no source gave, and those that were too large to keep whole."),
  provenance: z.partialRecord(z.string(), ProvenanceSchema).describe("By field: where it came from and when."),
  quality: QualitySchema.describe("Score of the product, each part 0 to 1."),
  stale: z.boolean().describe("True on a copy served although it is older than it should be."),
  simulated: z.boolean().describe("True when any field comes from the labelled `sample-data` source."),
  last_refresh_at: z.iso.datetime().describe("Age of its oldest field."),
  last_available_at: z.iso.datetime().nullable().describe("When it was last seen on sale; null: never."),
  created_at: z.iso.datetime().describe("When it was stored first."),
  updated_at: z.iso.datetime().describe("When it was stored last."),
  expired_at: z.iso
    .datetime()
    .nullable()
    .describe("When the first of the fields ended that its source's licence does not let us keep; null: none has."),
});
export type Product = z.infer<typeof ProductSchema>;
