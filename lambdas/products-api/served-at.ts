import type { Product } from "../common/core/products/product.ts";
import { isFresh, RUN_TTL_SECONDS } from "../common/core/products/quality/freshness.ts";

/** A stored product as it is served: one that is older than a run accepts is marked so. */
export const servedAt = (product: Product, nowMs: number): Product =>
  product.stale || isFresh(product, nowMs, RUN_TTL_SECONDS) ? product : { ...product, stale: true };
