import { isItemDue } from "../../common/core/batches/reschedule/is-item-due.ts";
import { productKey } from "../../common/core/products/product-key.ts";
import type { BlockedBy } from "../../common/core/sources/blocked-by.ts";
import { isFinal, type ProductOutcome, type ProductOutcomes } from "../../common/services/enrich/product-outcome.ts";
import type { ClaimedBatch, DueBatch } from "../claim/claimed-batch.ts";
import type { BatchGroup } from "../group-batches.ts";
import { dueProducts } from "./due-products.ts";
import type { EnrichProducts } from "./enrich-port.ts";

/** Batches with what came of their products. */
export interface EnrichedBatches extends ProductOutcomes {
  readonly batches: readonly DueBatch[];
}

/** How a group is enriched. */
export interface EnrichGroupDeps extends Pick<Parameters<EnrichProducts>[0], "mayContinue" | "remainingMs" | "onSlow"> {
  readonly enrich: EnrichProducts;
  /** Given the batches whose products are all through, as soon as they are. */
  readonly onReady: (ready: EnrichedBatches) => Promise<void>;
  /**
   * Given batches some of whose products are through, in which a run gets its first results.
   * @returns those that are worked on further, as they are now
   */
  readonly onFirst: (begun: EnrichedBatches) => Promise<readonly DueBatch[]>;
  /** Receives batches for the group, with about so many products; absent: none. */
  readonly gather?: ((ids: number, waitSeconds: number) => Promise<readonly DueBatch[]>) | undefined;
  /** Whether a run shows nothing yet. */
  readonly isFirst: (run: ClaimedBatch["run"]) => boolean;
}

/**
 * Step 2: enriches the due products of a group together, each once, so that upstream calls are full. The products of a
 * group whose runs were stopped are left as they are. Batches that join the group on its way are treated as the others.
 * @returns the batches that were not given to `onReady`
 */
export const enrichGroup = async (
  deps: EnrichGroupDeps,
  { options, batches }: BatchGroup<DueBatch>,
): Promise<EnrichedBatches> => {
  const { mayContinue, remainingMs } = deps;
  const outcomes = new Map<string, ProductOutcome>();
  let blockedBy: readonly BlockedBy[] = [];
  const open = new Set(batches);
  const isReady = ({ row, dueMs }: DueBatch): boolean =>
    row.items.every((item) => !isItemDue(item, dueMs) || outcomes.has(productKey(row.marketplace, item.asin)));
  const isBegun = ({ row, dueMs }: DueBatch): boolean =>
    row.items.some((item) => {
      const outcome = outcomes.get(productKey(row.marketplace, item.asin));
      return outcome && isFinal(outcome) && isItemDue(item, dueMs);
    });
  const takeOut = (taken: readonly DueBatch[]): void => {
    for (const batch of taken) open.delete(batch);
  };
  const deliver = async (part: ProductOutcomes): Promise<void> => {
    for (const [key, outcome] of part.outcomes) outcomes.set(key, outcome);
    blockedBy = part.blockedBy;
    const ready = [...open].filter(isReady);
    takeOut(ready);
    await deps.onReady({ batches: ready, outcomes, blockedBy });
    const begun = [...open].filter((batch) => deps.isFirst(batch.run) && isBegun(batch));
    if (begun.length === 0) return;
    takeOut(begun);
    for (const batch of await deps.onFirst({ batches: begun, outcomes, blockedBy })) open.add(batch);
  };
  const products = options === null ? [] : dueProducts(batches);
  const inHand = new Set(products.map(({ key }) => key));
  const { gather } = deps;
  const company =
    gather &&
    (async (ids: number, waitSeconds: number) => {
      const more = await gather(ids, waitSeconds);
      for (const batch of more) open.add(batch);
      const added = dueProducts(more).filter(({ key }) => !inHand.has(key));
      for (const { key } of added) inHand.add(key);
      return added;
    });
  if (options !== null && products.length > 0) {
    const { onSlow } = deps;
    await deps.enrich({ products, options, mayContinue, remainingMs, ...(onSlow ? { onSlow } : {}), company, deliver });
  }
  return { batches: [...open], outcomes, blockedBy };
};
