import { isItemDue } from "../../common/core/batches/reschedule/is-item-due.ts";
import { productKey } from "../../common/core/products/product-key.ts";
import type { DueBatch } from "../claim/claimed-batch.ts";

/** A product that some batches of this invocation want now. */
export interface BatchProduct {
  /** `<marketplace>#<asin>` */
  readonly key: string;
  readonly marketplace: string;
  readonly asin: string;
  readonly suspicions: number;
  readonly attempts: number;
  readonly waited: boolean;
  /** When a retry reopened it; a source that said before that it does not have it is asked again. */
  readonly reopenedAt?: string | undefined;
  /** How often its batch came back, for a slot or for anything else. */
  readonly returns: number;
}

const later = (one: string | undefined, other: string | undefined): string | undefined =>
  (one ?? "") > (other ?? "") ? one : other;

/**
 * The products that a set of batches wants now, each once. A product in several batches is as suspect as in the
 * most suspect of them, has waited for company if it did so in any, and came back as often as the oldest of them.
 */
export const dueProducts = (batches: readonly Pick<DueBatch, "row" | "dueMs">[]): BatchProduct[] => {
  const due = new Map<string, BatchProduct>();
  for (const { row, dueMs } of batches) {
    const { marketplace, items, generation } = row;
    for (const item of items) {
      if (!isItemDue(item, dueMs)) continue;
      const key = productKey(marketplace, item.asin);
      const known = due.get(key);
      due.set(key, {
        key,
        marketplace,
        asin: item.asin,
        suspicions: Math.max(known?.suspicions ?? 0, item.suspicions ?? 0),
        attempts: Math.max(known?.attempts ?? 0, item.attempts),
        waited: (known?.waited ?? false) || (item.waited ?? false),
        reopenedAt: later(known?.reopenedAt, item.reopened_at),
        returns: Math.max(known?.returns ?? 0, generation - 1),
      });
    }
  }
  return [...due.values()];
};
