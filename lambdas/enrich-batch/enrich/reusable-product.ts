import type { KnownProduct } from "../../common/adapters/dynamodb/products/product-reader.ts";
import { type MergedFields, NOTHING_MERGED } from "../../common/core/products/merge.ts";
import type { Product } from "../../common/core/products/product.ts";
import { freshFieldsOf } from "../../common/core/products/quality/fresh-fields.ts";
import { isReusable } from "../../common/core/products/quality/freshness.ts";
import { rememberedFailures } from "../../common/services/enrich/not-found-memory.ts";

/** The product, when it may be served from the table as it is. */
export const reusableProduct = (known: KnownProduct | undefined, nowMs: number): Product | undefined => {
  const product = known?.product;
  if (!product || !isReusable(product, nowMs)) return undefined;
  // Kept only as a soft delete: all sources said that it does not exist.
  if (product.status === "unavailable" && rememberedFailures(known, nowMs).length > 0) return undefined;
  return product;
};

/** Fields that need not be paid for again, such as those of a product that waited for its next source. */
export const paidFields = (known: KnownProduct | undefined, nowMs: number): MergedFields =>
  known?.product ? freshFieldsOf(known.product, nowMs) : NOTHING_MERGED;
