import { isGiven } from "./critical-fields.ts";
import type { MissingField } from "./enrichment.ts";
import type { ProductField, ProductFields } from "./product.ts";

/**
 * Fields whose absence is worth a reason. Left out are those that many products rightly lack (parent, description,
 * manufacturer, saving, condition, message, variants), because null already says all there is to say of them.
 */
export const EXPECTED_FIELDS: readonly ProductField[] = [
  "title",
  "brand",
  "features",
  "categories",
  "image_url",
  "images",
  "detail_page_url",
  "current_price",
  "currency",
  "availability_type",
  "star_rating",
  "customer_review_count",
];

/**
 * Lists the expected fields that `fields` lacks, in the order in which fields are shown.
 * @param reasonFor why a field is missing, in words
 */
export const missingFields = (
  fields: Partial<ProductFields>,
  reasonFor: (field: ProductField) => string,
): MissingField[] =>
  EXPECTED_FIELDS.filter((field) => !isGiven(fields[field])).map((field) => ({ field, reason: reasonFor(field) }));
