import type { BatchRowStore } from "../../adapters/dynamodb/enrichment-status/batch-row-store.ts";
import type { OutcomeRecorder } from "../../adapters/dynamodb/enrichment-status/outcome-recorder.ts";
import type { RunStore } from "../../adapters/dynamodb/enrichment-status/run-store.ts";
import type { FailureStore } from "../../adapters/dynamodb/failures/failure-store.ts";
import { isUnleased } from "../../core/batches/batch-lease.ts";
import type { BatchRow } from "../../core/batches/batch-row.ts";
import { resumeBatch } from "../../core/batches/reschedule/resume-batch.ts";
import { batchStateOf } from "../../core/batches/settle/batch-state.ts";
import { mayHaveFailure } from "../../core/batches/settle/may-have-failure.ts";
import { cancelItem } from "../../core/batches/settle/settle-item.ts";
import { type Clock, isoTime } from "../../core/clock.ts";
import { productKey } from "../../core/products/product-key.ts";
import { unsentProducts } from "../../core/runs/run.ts";
import type { RunRow } from "../../core/runs/run-row.ts";

/** Batches settled in one transaction: a conflict repeats few of them. */
const BATCHES_AT_ONCE = 50;

export interface SettleCancelledDeps {
  readonly runs: Pick<RunStore, "getRun" | "closeIfDone">;
  readonly batches: Pick<BatchRowStore, "listUnsettled" | "getMany">;
  readonly recorder: Pick<OutcomeRecorder, "record" | "dropUnsent">;
  readonly failures: Pick<FailureStore, "close">;
  readonly clock: Clock;
}

/** Says whether somebody may still be sending batches of this run, or died doing so. */
const isBeingSent = (run: RunRow): boolean => run.claim !== undefined;

const cancelled = (row: BatchRow, nowMs: number): BatchRow => {
  const items = row.items.map(cancelItem);
  return { ...resumeBatch(row, items, nowMs).after, state: batchStateOf(items) };
};

/** A lease that is left, or a resend, says that a worker died with the batch: it may have noted failures of any product. */
const wasLost = (row: BatchRow): boolean => row.lease_owner !== undefined || row.resends > 0;

/** Keys of products that may have a failure row, and end without success or a new failure when `rows` are cancelled. */
export const cancelledFailures = (rows: readonly BatchRow[]): string[] =>
  rows.flatMap((row) =>
    row.items
      .filter((item) => item.state === "pending" && (wasLost(row) || mayHaveFailure(item)))
      .map(({ asin }) => productKey(row.marketplace, asin)),
  );

/**
 * Settles what of a cancelled run nobody works on: products never sent, then batches without a live lease. What is
 * leased settles itself when its holder records; what is being sent is left until the claim is gone. After a retry the
 * batches may be very many, so it goes part by part, each with its counts, and ends between any two. Safe to repeat:
 * it continues with what is left.
 * @param untilMs no further part is begun after this time; the first one always is, so that repeats get to the end
 * @returns the run afterwards, undefined when it is gone
 */
export const settleCancelled = async (
  deps: SettleCancelledDeps,
  run: RunRow,
  untilMs: number,
): Promise<RunRow | undefined> => {
  const current = await deps.runs.getRun(run.catalog_id, run.batch_id);
  if (current?.state !== "cancelled" || current.open_shard === undefined) return current;
  if (current.dropped === undefined && !isBeingSent(current) && unsentProducts(current) > 0) {
    await deps.recorder.dropUnsent(current, isoTime(deps.clock.now()));
  }
  const ids = await deps.batches.listUnsettled(current.batch_id);
  for (let from = 0; from < ids.length; from += BATCHES_AT_ONCE) {
    await settlePart(deps, current, ids.slice(from, from + BATCHES_AT_ONCE));
    if (deps.clock.now() >= untilMs) break;
  }
  const settled = await deps.runs.getRun(run.catalog_id, run.batch_id);
  if (!settled || !(await deps.runs.closeIfDone(settled, isoTime(deps.clock.now())))) return settled;
  return deps.runs.getRun(run.catalog_id, run.batch_id);
};

const settlePart = async (deps: SettleCancelledDeps, run: RunRow, ids: readonly string[]): Promise<void> => {
  const nowMs = deps.clock.now();
  const now = isoTime(nowMs);
  const free = (await deps.batches.getMany(run.catalog_id, ids)).filter(
    (row) => row.items.some((item) => item.state === "pending") && isUnleased(row, now),
  );
  await deps.failures.close(run.batch_id, cancelledFailures(free), now);
  await deps.recorder.record({
    run,
    changes: free.map((row) => ({ before: row, after: cancelled(row, nowMs) })),
    blocked_by: run.blocked_by,
    now,
  });
};
