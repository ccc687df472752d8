import { EMPTY_FIELDS } from "../products/assembly/product-assembly.ts";
import type { Product, ProductField } from "../products/product.ts";

/** The product without these fields: each is null, has no origin, and `missing` names the reason in place of any other. */
export const leaveOut = (product: Product, fields: readonly ProductField[], reason: string): Product => {
  const isLeftOut = (field: string): boolean => fields.some((one) => one === field);
  return {
    ...product,
    ...Object.fromEntries(fields.map((field) => [field, EMPTY_FIELDS[field]])),
    provenance: Object.fromEntries(Object.entries(product.provenance).filter(([field]) => !isLeftOut(field))),
    missing: [
      ...product.missing.filter(({ field }) => !isLeftOut(field)),
      ...fields.map((field) => ({ field, reason })),
    ],
  };
};
