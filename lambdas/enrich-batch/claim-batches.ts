import type { BatchRowStore } from "../adapters/dynamodb/enrichment-status/batch-row-store.ts";
import type { BatchMessage } from "../core/batches/batch-message.ts";
import type { BatchRow } from "../core/batches/batch-row.ts";
import { type Clock, isoTime } from "../core/clock.ts";
import type { RunRow } from "../core/runs/run-row.ts";
import type { Log } from "../platform/logger.ts";
import type { FailedRecord } from "../platform/sqs/consumer.ts";
import type { QueueRecord } from "../platform/sqs/queue-record.ts";

/** A batch that this invocation holds, with the record that woke it. */
export interface ClaimedBatch {
  readonly record: QueueRecord<BatchMessage>;
  readonly row: BatchRow;
}

export interface ClaimedBatches {
  readonly claimed: readonly ClaimedBatch[];
  /** Records whose row could not be claimed: the table did not answer, or the row cannot be read. */
  readonly failed: readonly FailedRecord<BatchMessage>[];
  /** Records that must come back because another one holds the row. */
  readonly leased: readonly QueueRecord<BatchMessage>[];
  /** Runs of settled batches: they may still have to be closed, if the one who settled them died. */
  readonly settled_runs: readonly Pick<RunRow, "catalog_id" | "batch_id">[];
}

/** Added to the function's time limit, so that a lease never ends while its holder still lives. */
const LEASE_MARGIN_MS = 10_000;

/** Claims the row of every wake-up. Late, repeated and orphaned wake-ups drop out here without any work. */
export const claimBatches = async (
  deps: { batches: BatchRowStore; clock: Clock; log: Log; owner: string; functionTimeoutMs: number },
  records: readonly QueueRecord<BatchMessage>[],
): Promise<ClaimedBatches> => {
  const claimed: ClaimedBatch[] = [];
  const failed: FailedRecord<BatchMessage>[] = [];
  const leased: QueueRecord<BatchMessage>[] = [];
  const settled_runs: Pick<RunRow, "catalog_id" | "batch_id">[] = [];
  await Promise.all(
    records.map(async (record, index) => {
      const { message } = record;
      const batch = { batch_id: message.batch_id, correlation_id: message.correlation_id };
      const nowMs = deps.clock.now();
      try {
        const result = await deps.batches.claim({
          catalog_id: message.catalog_id,
          batch_id: message.batch_id,
          generation: message.generation,
          // One message may be there twice: of two claims of one batch only one may hold it.
          owner: `${deps.owner}#${index + 1}`,
          now: isoTime(nowMs),
          lease_until: isoTime(nowMs + deps.functionTimeoutMs + LEASE_MARGIN_MS),
        });
        if (result.kind === "claimed") claimed.push({ record, row: result.row });
        else if (result.kind === "leased") leased.push(record);
        else if (result.kind === "settled") {
          settled_runs.push({ catalog_id: message.catalog_id, batch_id: message.tracking_id });
        }
        if (result.kind !== "claimed") {
          deps.log.info("wake-up not claimed", {
            reason: result.kind,
            ...batch,
            generation: message.generation,
          });
        }
      } catch (error) {
        // A row that cannot be read must not take along the others that this invocation has claimed by now.
        failed.push({ record, error });
      }
    }),
  );
  return { claimed, failed, leased, settled_runs };
};
