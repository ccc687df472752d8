import type { ItemOutcome } from "../../core/batches/settle/settle-item.ts";
import type { StoredProduct } from "../../core/products/stored-product.ts";
import type { SourceId } from "../../core/source-ids.ts";
import type { BlockedBy } from "../../core/sources/blocked-by.ts";

/** What came of a due product: how its items settle, and what to keep of it. */
export interface ProductOutcome {
  readonly result: ItemOutcome;
  /** To be saved before the counts speak of it; absent when nothing new came. */
  readonly product?: StoredProduct;
  /** Until when the daily refresh is to keep a product that was served from the table; absent: as it is. */
  readonly keptUntil?: string;
  /** Sources that do not have the product at all; remembered for a day. */
  readonly notFoundAt?: readonly SourceId[];
  /** Words for the failure row; present when the result is `failed`, or `retry` that counts. */
  readonly failure?: { readonly source: SourceId | null; readonly rawCode: string; readonly message: string };
}

/** Whether a product's way through the run ends with this. */
export const isFinal = ({ result }: ProductOutcome): boolean => result.kind === "enriched" || result.kind === "failed";

/** What came of several products. */
export interface ProductOutcomes {
  /** By product key. */
  readonly outcomes: ReadonlyMap<string, ProductOutcome>;
  /** Sources that hold products up, as far as known by now. */
  readonly blockedBy: readonly BlockedBy[];
}
