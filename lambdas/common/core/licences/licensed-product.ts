import * as z from "zod";
import { PRODUCT_FIELDS, type Product, ProductSchema, ProvenanceSchema } from "../products/product.ts";
import { rightsOf } from "./field-rights.ts";
import type { LicenceBook } from "./licence-book.ts";
import { publicOnly } from "./public-only.ts";

/** Where one field came from, and what may be done with it. */
export const LicensedProvenanceSchema = ProvenanceSchema.extend({
  store_until: z.iso
    .datetime()
    .nullable()
    .describe("Until when it may be kept and is given out, by the licence of its source; null: without end."),
  public: z.boolean().describe("Whether it may stand on a public site."),
});

/** A product as it is given out: each field with its rights. */
export const LicensedProductSchema = ProductSchema.extend({
  provenance: z
    .partialRecord(z.string(), LicensedProvenanceSchema)
    .describe("By field: where it came from and when, and what may be done with it."),
});
export type LicensedProduct = z.infer<typeof LicensedProductSchema>;

/**
 * Names the rights of each field.
 * @param product without what ended, as the store gives it
 * @param options `public`: without what may not stand on a public site. @default everything
 */
export const licensedProduct = (
  product: Product,
  licences: LicenceBook,
  options: { readonly public?: boolean } = {},
): LicensedProduct => {
  const shown = options.public ? publicOnly(product, licences) : product;
  return {
    ...shown,
    provenance: Object.fromEntries(
      PRODUCT_FIELDS.flatMap((field) => {
        const origin = shown.provenance[field];
        return origin === undefined ? [] : [[field, { ...origin, ...rightsOf(field, origin, licences) }] as const];
      }),
    ),
  };
};
