import type { QueueWithDlq } from "./queue-with-dlq.ts";

/** The queues of the main line. */
export interface WorkQueues {
  readonly enrich: QueueWithDlq;
  /** For runs of up to 5 batches. */
  readonly express: QueueWithDlq;
  /** Files that were uploaded and are to be read. */
  readonly ingest: QueueWithDlq;
  /** Exports that are to be written. */
  readonly exports: QueueWithDlq;
}
