import type { BatchItem, BatchRow } from "../../common/core/batches/batch-row.ts";
import { isItemDue } from "../../common/core/batches/reschedule/is-item-due.ts";
import { productKey } from "../../common/core/products/product-key.ts";
import type { ProductOutcome, ProductOutcomes } from "../../common/services/enrich/product-outcome.ts";

/**
 * The items of a batch, those that were due and have an outcome as `settle` leaves them.
 * @param dueMs items due then were worked on; the others only keep their time
 */
export const settleDue = (
  row: BatchRow,
  outcomes: ProductOutcomes["outcomes"],
  dueMs: number,
  settle: (item: BatchItem, outcome: ProductOutcome) => BatchItem,
): BatchItem[] =>
  row.items.map((item) => {
    const outcome = outcomes.get(productKey(row.marketplace, item.asin));
    return outcome && isItemDue(item, dueMs) ? settle(item, outcome) : item;
  });
