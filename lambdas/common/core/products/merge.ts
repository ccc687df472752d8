import { hasDefiniteAvailability, isGiven } from "./critical-fields.ts";
import { PRODUCT_FIELDS, type Product, type ProductField, type ProductFields, type Provenance } from "./product.ts";
import type { Cuts } from "./product-bounds.ts";

/** Fields gathered from several sources, each with where it came from. A field without a value is absent from both. */
export interface MergedFields {
  readonly fields: Partial<ProductFields>;
  readonly provenance: Readonly<Partial<Record<ProductField, Provenance>>>;
}

/** What every fetch starts from: old values never leak into a new answer. */
export const NOTHING_MERGED: MergedFields = { fields: {}, provenance: {} };

/** Fields of shoppers' ratings. */
export const RATING_FIELDS: readonly ProductField[] = ["star_rating", "customer_review_count"];

/**
 * Fields that only mean something beside the price of the same offer. They come from one source, together with
 * `current_price`: a list price of one source beside the price of another would invent a saving.
 */
export const OFFER_FIELDS: readonly ProductField[] = [
  "current_price",
  "currency",
  "original_price",
  "savings_amount",
  "savings_percentage",
  "condition",
];
/** The words belong to the verdict, so both come from one source. */
export const AVAILABILITY_FIELDS: readonly ProductField[] = ["availability_type", "availability_message"];

const usable = (field: ProductField, base: Partial<ProductFields>, added: Partial<ProductFields>): boolean => {
  if (!isGiven(added[field])) return false;
  if (OFFER_FIELDS.includes(field)) return isGiven(added.current_price) && !isGiven(base.current_price);
  if (AVAILABILITY_FIELDS.includes(field)) {
    if (hasDefiniteAvailability(base)) return false;
    return hasDefiniteAvailability(added) || !AVAILABILITY_FIELDS.some((part) => isGiven(base[part]));
  }
  return !isGiven(base[field]);
};

const copyField = <Field extends ProductField>(
  field: Field,
  from: Partial<ProductFields>,
  to: Partial<Pick<ProductFields, Field>>,
): void => {
  const value = from[field];
  if (value !== undefined) to[field] = value;
};

/**
 * Fills what `base` still lacks from one source's answer. A field that an earlier source gave is never changed;
 * the one exception is an availability that is not definite, which gives way to a definite one; verdict and message
 * are one. Price, currency, original price, savings and condition travel together, and only with a price.
 * @param cuts what was cut from fields of `added`; kept beside their origin
 */
export const mergeFields = (
  base: MergedFields,
  added: Partial<ProductFields>,
  from: Provenance,
  cuts: Cuts = {},
): MergedFields => {
  const taken = PRODUCT_FIELDS.filter((field) => usable(field, base.fields, added));
  const replaced = taken.includes("availability_type") ? AVAILABILITY_FIELDS : [];
  const fields: Partial<ProductFields> = { ...base.fields };
  const provenance: Partial<Record<ProductField, Provenance>> = { ...base.provenance };
  for (const field of replaced) {
    delete fields[field];
    delete provenance[field];
  }
  for (const field of taken) {
    copyField(field, added, fields);
    const cut = cuts[field];
    provenance[field] = cut === undefined ? from : { ...from, cut };
  }
  return { fields, provenance };
};

/**
 * The fields of a stored product with their origins, as they were merged; nulls are left out.
 * @param takes which origins to take. @default all
 */
export const mergedFieldsOf = (product: Product, takes: (origin: Provenance) => boolean = () => true): MergedFields => {
  const fields: Partial<ProductFields> = {};
  const provenance: Partial<Record<ProductField, Provenance>> = {};
  for (const field of PRODUCT_FIELDS) {
    const origin = product.provenance[field];
    if (!origin || !takes(origin) || !isGiven(product[field])) continue;
    copyField(field, product, fields);
    provenance[field] = origin;
  }
  return { fields, provenance };
};
