import type { BatchMessage } from "../../common/core/batches/batch-message.ts";
import type { BatchRow } from "../../common/core/batches/batch-row.ts";
import { isoTime } from "../../common/core/clock.ts";
import type { RunRow } from "../../common/core/runs/run-row.ts";
import type { FailedRecord, LeasedRecord } from "../../common/platform/sqs/consumer.ts";
import type { QueueRecord } from "../../common/platform/sqs/queue-record.ts";
import type { Deps } from "../deps.ts";
import type { ClaimedBatch } from "./claimed-batch.ts";
import { hideWhileLeased, leaseEndSeconds, releaseLeases } from "./leases.ts";

/** What an invocation may work on, and which records it leaves. */
export interface Claim {
  readonly batches: readonly ClaimedBatch[];
  /** Claimed rows whose run is gone. They belong to a deleted catalog: nothing is left to do for them. */
  readonly orphans: readonly BatchRow[];
  /** When the runs were read. */
  readonly runsReadAtMs: number;
  /** Records whose row could not be claimed: the table did not answer, or the row cannot be read. */
  readonly failed: readonly FailedRecord<BatchMessage>[];
  /** Records whose row another worker holds. */
  readonly leased: readonly LeasedRecord<BatchMessage>[];
  /** Runs of settled batches: they may still have to be closed, if the one who settled them died. */
  readonly settledRuns: readonly Pick<RunRow, "catalog_id" | "batch_id">[];
}

/** Added to the function's time limit, so that a lease never ends while its holder still lives. */
const LEASE_MARGIN_MS = 10_000;

type ClaimDeps = Pick<Deps, "batches" | "runs" | "ownQueue" | "clock" | "log" | "newId" | "functionTimeoutMs">;

/**
 * Step 1: claims the row of every record, and reads the runs of what was claimed. Late, repeated and orphaned messages
 * drop out here without any work.
 * @throws TransientError when the runs could not be read; no row stays claimed then
 */
export const claimBatches = async (deps: ClaimDeps, records: readonly QueueRecord<BatchMessage>[]): Promise<Claim> => {
  const { claimed, ...rest } = await claimRows(deps, records);
  const runsReadAtMs = deps.clock.now();
  const hiding = hideWhileLeased(deps, claimed);
  // Where the runs cannot be read, the records come back sooner: that must not be overtaken.
  const runs = await readRuns(deps, claimed).finally(() => hiding);
  const batches = claimed.flatMap(({ record, row }) => {
    const run = runs.get(row.tracking_id);
    return run ? [{ record, row, run }] : [];
  });
  const orphans = claimed.flatMap(({ row }) => (runs.has(row.tracking_id) ? [] : [row]));
  return { batches, orphans, runsReadAtMs, ...rest };
};

type ClaimedRow = Omit<ClaimedBatch, "run">;

const readRuns = async (
  deps: ClaimDeps,
  claimed: readonly ClaimedRow[],
): Promise<Awaited<ReturnType<ClaimDeps["runs"]["getRuns"]>>> => {
  try {
    return await deps.runs.getRuns(
      claimed.map(({ row }) => ({ catalog_id: row.catalog_id, tracking_id: row.tracking_id })),
    );
  } catch (error) {
    await releaseLeases(
      deps,
      claimed.map(({ row }) => row),
    );
    throw error;
  }
};

const claimRows = async (deps: ClaimDeps, records: readonly QueueRecord<BatchMessage>[]) => {
  const claimed: ClaimedRow[] = [];
  const failed: FailedRecord<BatchMessage>[] = [];
  const leased: LeasedRecord<BatchMessage>[] = [];
  const settledRuns: Pick<RunRow, "catalog_id" | "batch_id">[] = [];
  const owner = deps.newId();
  await Promise.all(
    records.map(async (record, index) => {
      const { catalog_id, tracking_id, batch_id, generation, correlation_id } = record.message;
      const nowMs = deps.clock.now();
      try {
        const result = await deps.batches.claim({
          catalog_id,
          batch_id,
          generation,
          // One message may be there twice: of two claims of one batch only one may hold it.
          owner: `${owner}#${index + 1}`,
          now: isoTime(nowMs),
          lease_until: isoTime(nowMs + deps.functionTimeoutMs + LEASE_MARGIN_MS),
        });
        if (result.kind === "claimed") {
          claimed.push({ record, row: result.row });
          return;
        }
        if (result.kind === "leased") leased.push({ record, seconds: leaseEndSeconds(result.row, nowMs) });
        if (result.kind === "settled") settledRuns.push({ catalog_id, batch_id: tracking_id });
        deps.log.info("batch message not claimed", { reason: result.kind, batch_id, correlation_id, generation });
      } catch (error) {
        // A row that cannot be read must not take along the others that this invocation has claimed by now.
        failed.push({ record, error });
      }
    }),
  );
  return { claimed, failed, leased, settledRuns };
};
