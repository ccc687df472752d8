import type { BatchItem, BatchRow } from "../core/batches/batch-row.ts";
import { productKey } from "../core/products/product-key.ts";
import type { WantedProduct } from "./enrich-port.ts";

const later = (one: string | undefined, other: string | undefined): string | undefined =>
  (one ?? "") > (other ?? "") ? one : other;

/** Says whether an item is to be worked on now. */
export const isDue = (item: BatchItem, nowMs: number): boolean =>
  item.state === "pending" && (item.next_attempt_at === undefined || Date.parse(item.next_attempt_at) <= nowMs);

/**
 * The products that a set of batches wants now, each once. A product in several batches is as suspect as in the
 * most suspect of them, has waited for company if it did so in any, and came back as often as the oldest of them.
 */
export const wantedProducts = (rows: readonly BatchRow[], nowMs: number): WantedProduct[] => {
  const wanted = new Map<string, WantedProduct>();
  for (const { marketplace, items, generation } of rows) {
    for (const item of items) {
      if (!isDue(item, nowMs)) continue;
      const key = productKey(marketplace, item.asin);
      const known = wanted.get(key);
      wanted.set(key, {
        key,
        marketplace,
        asin: item.asin,
        suspicions: Math.max(known?.suspicions ?? 0, item.suspicions ?? 0),
        attempts: Math.max(known?.attempts ?? 0, item.attempts),
        waited: (known?.waited ?? false) || (item.waited ?? false),
        reopened_at: later(known?.reopened_at, item.reopened_at),
        returns: Math.max(known?.returns ?? 0, generation - 1),
      });
    }
  }
  return [...wanted.values()];
};
