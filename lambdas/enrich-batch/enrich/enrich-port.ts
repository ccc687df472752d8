import type { RunOptions } from "../../common/core/catalogs/run-options.ts";
import type { SourceId } from "../../common/core/source-ids.ts";
import type { ProductOutcomes } from "../../common/services/enrich/product-outcome.ts";
import type { BatchProduct } from "./due-products.ts";

/** Enriches products: takes them from the table where they are fresh and from the sources where not. */
export type EnrichProducts = (request: {
  /** Each product once. */
  readonly products: readonly BatchProduct[];
  readonly options: RunOptions;
  /** Asked before every upstream call; false ends the work early. */
  readonly mayContinue: () => Promise<boolean>;
  /** Milliseconds until the function is ended; a call that is under way must be recorded before. */
  readonly remainingMs: () => number;
  /**
   * Receives batches that wait in the queue, with about so many products, and waits `waitSeconds` for the first one. It gives
   * those of their products that are not in hand yet; absent: calls get no company.
   */
  readonly company?: ((ids: number, waitSeconds: number) => Promise<readonly BatchProduct[]>) | undefined;
  /** Called for a call that is under way for long. @param endsAtMs when it ends at the latest */
  readonly onSlow?: (source: SourceId, endsAtMs: number) => void;
  /** Given the outcomes part by part as they come; over all parts each product exactly once. */
  readonly deliver: (part: ProductOutcomes) => Promise<void>;
}) => Promise<void>;
