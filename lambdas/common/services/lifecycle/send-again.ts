import type { BatchQueue } from "../../adapters/sqs/batch-queue.ts";
import type { BatchQueueName, BatchRow } from "../../core/batches/batch-row.ts";
import { batchMessageFor } from "../../core/batches/message-for-row.ts";
import type { RunRow } from "../../core/runs/run-row.ts";

/** Batches read and sent together. */
export const BATCHES_AT_ONCE = 20;
/** What a source serves in so long is sent at once, the rest at its pace: the queue must not hold hours of work. */
export const AT_ONCE_MS = 60_000;

/** The queues by name, as addresses. */
export type QueueUrls = Readonly<Record<BatchQueueName, string>>;

/** A batch that is sent again, and when. */
export interface AgainBatch {
  readonly row: BatchRow;
  readonly delaySeconds: number;
}

/**
 * Sends batches of a run again, each by the queue that it came from. An express run of which a part went by the bulk queue
 * would otherwise come back on the express queue as a whole, ahead of everybody's bulk work.
 */
export const sendAgain = async (
  { batchQueue, queues }: { readonly batchQueue: Pick<BatchQueue, "send">; readonly queues: QueueUrls },
  run: Pick<RunRow, "express">,
  batches: readonly AgainBatch[],
): Promise<void> => {
  const usual: BatchQueueName = run.express ? "express" : "bulk";
  for (const [name, own] of Map.groupBy(batches, ({ row }) => row.queue ?? usual)) {
    await batchQueue.send(
      queues[name],
      own.map(({ row, delaySeconds }) => ({ message: batchMessageFor(row), delaySeconds })),
    );
  }
};
