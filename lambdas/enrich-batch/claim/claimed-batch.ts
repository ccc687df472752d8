import type { BatchMessage } from "../../common/core/batches/batch-message.ts";
import type { BatchRow } from "../../common/core/batches/batch-row.ts";
import type { RunRow } from "../../common/core/runs/run-row.ts";
import type { QueueRecord } from "../../common/platform/sqs/queue-record.ts";

/** A batch that this invocation holds, with the record that led to it and its run as it was then. */
export interface ClaimedBatch {
  readonly record: QueueRecord<BatchMessage>;
  readonly row: BatchRow;
  readonly run: RunRow;
}

/** A batch that is worked on: its items that are due at `dueMs`, epoch milliseconds. */
export interface DueBatch extends ClaimedBatch {
  readonly dueMs: number;
}
