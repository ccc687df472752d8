import type * as z from "zod";
import { LicensedProductSchema } from "../../licences/licensed-product.ts";

/** A product as every answer gives it out: each field with its source, its age and what may be done with it. */
export const ProductAnswerSchema = LicensedProductSchema.meta({ id: "Product" });
export type ProductAnswer = z.infer<typeof ProductAnswerSchema>;
