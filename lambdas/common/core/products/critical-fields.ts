import type { ProductField, ProductFields } from "./product.ts";

/** What a product cannot do without. `price` means a price or, failing that, a definite availability. */
export type CriticalNeed = "title" | "price" | "image";

const NEEDS: readonly CriticalNeed[] = ["title", "price", "image"];

/** Whether a field carries something: null, absent, blank text and empty lists all mean that it does not. */
export const isGiven = (value: ProductFields[ProductField] | undefined): boolean => {
  if (value === null || value === undefined) return false;
  if (typeof value === "string") return value.trim() !== "";
  return !Array.isArray(value) || value.length > 0;
};

/** Whether the shop said something definite about availability; `unknown` is not definite. */
export const hasDefiniteAvailability = (fields: Partial<ProductFields>): boolean =>
  isGiven(fields.availability_type) && fields.availability_type !== "unknown";

/** The field that satisfies a need in these fields, or null when the need is open. */
export const fieldFor = (need: CriticalNeed, fields: Partial<ProductFields>): ProductField | null => {
  switch (need) {
    case "title":
      return isGiven(fields.title) ? "title" : null;
    case "image":
      return isGiven(fields.image_url) ? "image_url" : null;
    case "price":
      if (isGiven(fields.current_price)) return "current_price";
      return hasDefiniteAvailability(fields) ? "availability_type" : null;
  }
};

/** The needs that are still open, in the order title, price, image; empty when the product is complete. */
export const openNeeds = (fields: Partial<ProductFields>): CriticalNeed[] =>
  NEEDS.filter((need) => fieldFor(need, fields) === null);

/** The fields that satisfy the needs; at most three. */
export const criticalFieldsIn = (fields: Partial<ProductFields>): ProductField[] =>
  NEEDS.flatMap((need) => fieldFor(need, fields) ?? []);
