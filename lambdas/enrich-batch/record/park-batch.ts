import type { BatchItem, BatchRow } from "../../common/core/batches/batch-row.ts";
import { dueShard } from "../../common/core/batches/reschedule/due-shard.ts";
import { PARKED_RECHECK_MS, resumeBatch } from "../../common/core/batches/reschedule/resume-batch.ts";
import type { BatchOutcome } from "../../common/core/batches/settle/batch-outcome.ts";
import { isoTime } from "../../common/core/clock.ts";

/**
 * Puts a batch of a paused run aside, with what came of its products before the pause: no message waits for it, only
 * the due index. With nothing pending it is settled like any other.
 */
export const parkBatch = (row: BatchRow, items: readonly BatchItem[], nowMs: number): BatchOutcome => {
  const resumed = resumeBatch(row, items, nowMs);
  if (resumed.after.due_at === undefined) return resumed;
  return {
    before: row,
    after: {
      ...resumed.after,
      due_shard: dueShard(row.number),
      due_at: isoTime(nowMs + PARKED_RECHECK_MS),
      planned: true,
    },
    resendAfterMs: null,
  };
};
