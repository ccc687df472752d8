import type { BatchRow } from "../../common/core/batches/batch-row.ts";
import { isDue } from "../../common/core/batches/reschedule/is-due.ts";
import type { BatchOutcome } from "../../common/core/batches/settle/batch-outcome.ts";
import { settleItem } from "../../common/core/batches/settle/settle-item.ts";
import { isoTime } from "../../common/core/clock.ts";
import { productKey } from "../../common/core/products/product-key.ts";
import type { ProductOutcome, ProductOutcomes } from "../enrich/product-outcome.ts";

/** Whether a product's way through the run ends with this. */
export const isFinal = ({ result }: ProductOutcome): boolean => result.kind === "enriched" || result.kind === "failed";

/**
 * A batch some of whose products are through while the others are still worked on: what is final is settled, and lease,
 * generation and message stay as they are.
 * @param dueMs items due then are worked on
 */
export const keepBatch = (
  row: BatchRow,
  outcomes: ProductOutcomes["outcomes"],
  dueMs: number,
  nowMs: number,
): BatchOutcome => {
  const items = row.items.map((item) => {
    const outcome = outcomes.get(productKey(row.marketplace, item.asin));
    return outcome && isFinal(outcome) && isDue(item, dueMs) ? settleItem(item, outcome.result, nowMs) : item;
  });
  return { before: row, after: { ...row, items, updated_at: isoTime(nowMs) }, resendAfterMs: null };
};
