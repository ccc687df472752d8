import type { ItemResult } from "../core/batches/settle-item.ts";
import type { RunOptions } from "../core/catalogs/run-options.ts";
import type { StoredProduct } from "../core/products/stored-product.ts";
import type { SourceId } from "../core/source-ids.ts";
import type { BlockedBy } from "../core/sources/blocked-by.ts";

/** A product that some batches of this invocation want. */
export interface WantedProduct {
  /** `<marketplace>#<asin>` */
  readonly key: string;
  readonly marketplace: string;
  readonly asin: string;
  readonly suspicions: number;
  readonly attempts: number;
  readonly waited: boolean;
  /** When a retry reopened it; a source that said before that it does not have it is asked again. */
  readonly reopened_at?: string | undefined;
  /** How often its batch came back, for a slot or for anything else. */
  readonly returns: number;
}

/** What came of a wanted product: how its items settle, and what to keep of it. */
export interface ProductOutcome {
  readonly result: ItemResult;
  /** To be saved before the counts speak of it; absent when nothing new came. */
  readonly product?: StoredProduct;
  /** Sources that do not have the product at all; remembered for a day. */
  readonly not_found_at?: readonly SourceId[];
  /** Words for the failure row; present when the result is `failed`, or `retry` that counts. */
  readonly failure?: { readonly source: string | null; readonly raw_code: string; readonly message: string };
}

export interface EnrichOutcome {
  /** By product key. */
  readonly outcomes: ReadonlyMap<string, ProductOutcome>;
  /** Sources that hold products up, as far as known by now. */
  readonly blocked_by: readonly BlockedBy[];
}

/** Fetches products from the table where they are fresh and from the sources where not. */
export type EnrichProducts = (request: {
  readonly products: readonly WantedProduct[];
  readonly options: RunOptions;
  /** Asked before every upstream call; false ends the work early. */
  readonly mayContinue: () => Promise<boolean>;
  /** Milliseconds until the function is ended; a call that is under way must be recorded before. */
  readonly remainingMs: () => number;
  /** Given the outcomes part by part as they come; over all parts each wanted product exactly once. */
  readonly deliver: (part: EnrichOutcome) => Promise<void>;
}) => Promise<void>;
