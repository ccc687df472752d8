import type { BatchRow } from "../../common/core/batches/batch-row.ts";
import { recheckJitterMs } from "../../common/core/batches/reschedule/recheck-jitter.ts";
import { resumeBatch } from "../../common/core/batches/reschedule/resume-batch.ts";
import type { BatchOutcome } from "../../common/core/batches/settle/batch-outcome.ts";
import { cancelItem, type ItemOutcome, settleItem } from "../../common/core/batches/settle/settle-item.ts";
import { parkedForLater } from "../../common/core/runs/run.ts";
import type { RunRow } from "../../common/core/runs/run-row.ts";
import type { ProductOutcomes } from "../../common/services/enrich/product-outcome.ts";
import { parkBatch } from "./park-batch.ts";
import { settleDue } from "./settle-due.ts";

/** Products that wait for a later source are spread out, because all of them would come back at the same moment. */
const spread = (result: ItemOutcome, run: RunRow, row: BatchRow): ItemOutcome => {
  if (result.kind !== "wait" || !result.later) return result;
  const byMs = recheckJitterMs(parkedForLater(run), row, result.asksFirst ?? false);
  return { ...result, retryAtMs: result.retryAtMs + byMs };
};

/**
 * What becomes of a batch with the outcomes of its products. What the account has paid for counts, even when the run was
 * stopped meanwhile; only the rest is parked or cancelled.
 * @param dueMs items due then were worked on; the others only keep their time
 */
export const settleBatch = (
  run: RunRow,
  row: BatchRow,
  outcomes: ProductOutcomes["outcomes"],
  dueMs: number,
  nowMs: number,
): BatchOutcome => {
  const items = settleDue(row, outcomes, dueMs, (item, { result }) =>
    settleItem(item, spread(result, run, row), nowMs),
  );
  if (run.state === "paused") return parkBatch(row, items, nowMs);
  return resumeBatch(row, run.state === "cancelled" ? items.map(cancelItem) : items, nowMs);
};
