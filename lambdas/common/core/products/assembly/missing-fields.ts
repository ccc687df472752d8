import { boundedText } from "../../text/bounded-text.ts";
import { isGiven } from "../critical-fields.ts";
import type { MissingField } from "../enrichment.ts";
import type { MergedFields } from "../merge.ts";
import type { ProductField, ProductFields } from "../product.ts";
import type { Cuts } from "../product-bounds.ts";

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

/** What was cut from fields, by their origins. */
export const cutsOf = (provenance: MergedFields["provenance"]): Cuts =>
  Object.fromEntries(
    Object.entries(provenance).flatMap(([field, { cut }]) => (cut === undefined ? [] : [[field, cut] as const])),
  );

/** Bytes of one reason that are kept: it may quote several upstreams. */
const MAX_REASON_BYTES = 1_024;

/** The fields that a product lacks, wholly or in part, as they are stored: reasons within bounds, and cuts named after them. */
export const storedMissing = (
  missing: readonly MissingField[],
  provenance: MergedFields["provenance"],
): MissingField[] => [
  ...missing.map(({ field, reason }) => ({ field, reason: boundedText(reason, MAX_REASON_BYTES) })),
  ...Object.entries(cutsOf(provenance)).map(([field, reason]) => ({ field, reason })),
];
