import * as z from "zod";
import { AsinSchema } from "../../common/core/products/asin.ts";

/** Path parameter of everything below `/products/{asin}`; another form is a 404. */
export const ProductParams = z.object({
  asin: AsinSchema.describe("The product.").meta({ example: "B08DQQ8CBP" }),
});
