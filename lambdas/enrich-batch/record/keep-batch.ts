import type { BatchRow } from "../../common/core/batches/batch-row.ts";
import type { BatchOutcome } from "../../common/core/batches/settle/batch-outcome.ts";
import { settleItem } from "../../common/core/batches/settle/settle-item.ts";
import { isoTime } from "../../common/core/clock.ts";
import { isFinal, type ProductOutcomes } from "../../common/services/enrich/product-outcome.ts";
import { settleDue } from "./settle-due.ts";

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
  const items = settleDue(row, outcomes, dueMs, (item, outcome) =>
    isFinal(outcome) ? settleItem(item, outcome.result, nowMs) : item,
  );
  return { before: row, after: { ...row, items, updated_at: isoTime(nowMs) }, resendAfterMs: null };
};
