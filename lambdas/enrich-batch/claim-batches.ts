import type { BatchRowStore } from "../adapters/dynamodb/enrichment-status/batch-row-store.ts";
import type { BatchRow } from "../core/batches/batch-row.ts";
import { type Clock, isoTime } from "../core/clock.ts";
import { EnrichlineError } from "../core/errors.ts";
import type { RunRow } from "../core/runs/run-row.ts";
import type { Log } from "../platform/logger.ts";
import type { BatchRecord } from "./batch-record.ts";

/** A batch that this invocation holds, with the record that woke it. */
export interface ClaimedBatch {
  readonly record: BatchRecord;
  readonly row: BatchRow;
}

export interface ClaimedBatches {
  readonly claimed: readonly ClaimedBatch[];
  /** Records that must come back because the table did not answer. */
  readonly failed: readonly BatchRecord[];
  /** Records that must come back because another one holds the row. */
  readonly leased: readonly BatchRecord[];
  /** Runs of settled batches: they may still have to be closed, if the one who settled them died. */
  readonly settled_runs: readonly Pick<RunRow, "catalog_id" | "batch_id">[];
}

/** Added to the function's time limit, so that a lease never ends while its holder still lives. */
const LEASE_MARGIN_MS = 10_000;

/** Claims the row of every wake-up. Late, repeated and orphaned wake-ups drop out here without any work. */
export const claimBatches = async (
  deps: { batches: BatchRowStore; clock: Clock; log: Log; owner: string; functionTimeoutMs: number },
  records: readonly BatchRecord[],
): Promise<ClaimedBatches> => {
  const claimed: ClaimedBatch[] = [];
  const failed: BatchRecord[] = [];
  const leased: BatchRecord[] = [];
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
        failed.push(record);
        if (error instanceof EnrichlineError && error.retryable) {
          deps.log.warn("claim failed for now", { ...batch, error: error.message });
          return;
        }
        // A row that cannot be read must not take along the others that this invocation has claimed by now.
        deps.log.error("batch cannot be claimed", {
          ...batch,
          error: error instanceof Error ? (error.stack ?? "") : String(error),
        });
      }
    }),
  );
  return { claimed, failed, leased, settled_runs };
};
