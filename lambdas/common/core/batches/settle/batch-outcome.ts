import type { BatchRow } from "../batch-row.ts";

/** A batch as it was read, and as it will be. The caller that commits it sets `after.version`. */
export interface BatchChange {
  readonly before: BatchRow;
  readonly after: BatchRow;
}

/** What became of a batch that was worked on, reopened or resent. */
export interface BatchOutcome extends BatchChange {
  /** Delay of the message to send for it; null when none is: the batch is settled, or due later than SQS can hold. */
  readonly resendAfterMs: number | null;
}
