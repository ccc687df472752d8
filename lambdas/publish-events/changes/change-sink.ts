import type { Change, Latest } from "../../common/core/history/change.ts";
import type { Product } from "../../common/core/products/product.ts";

/** What changed in one product since the last recorded change. */
export interface ProductChanges {
  readonly productKey: string;
  /** The product as it is now. */
  readonly product: Pick<Product, "asin" | "marketplace" | "status" | "availability_type" | "missing">;
  /** What was recorded before them. */
  readonly latest: Latest;
  /** One or more. */
  readonly changes: readonly Change[];
}

/**
 * Where changes go after the commit. The same changes come again until all sinks have taken them, so a sink must not mind;
 * an id made of product, field and time of a change is the same each time.
 */
export interface ChangeSink {
  take(changed: readonly ProductChanges[]): Promise<void>;
}
