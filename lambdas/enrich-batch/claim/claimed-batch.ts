import type { BatchMessage } from "../../core/batches/batch-message.ts";
import type { BatchRow } from "../../core/batches/batch-row.ts";
import type { RunRow } from "../../core/runs/run-row.ts";
import type { QueueRecord } from "../../platform/sqs/queue-record.ts";

/** A batch that this invocation holds, with the record that led to it and its run as it was then. */
export interface ClaimedBatch {
  readonly record: QueueRecord<BatchMessage>;
  readonly row: BatchRow;
  readonly run: RunRow;
}
