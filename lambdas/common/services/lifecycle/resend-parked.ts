import type { BatchRowStore } from "../../adapters/dynamodb/enrichment-status/batch-row-store.ts";
import type { BatchQueue } from "../../adapters/sqs/batch-queue.ts";
import { isUnleased } from "../../core/batches/batch-lease.ts";
import type { BatchRow } from "../../core/batches/batch-row.ts";
import { resumeBatch } from "../../core/batches/reschedule/resume-batch.ts";
import { type Clock, isoTime } from "../../core/clock.ts";
import type { RunRow } from "../../core/runs/run-row.ts";
import { type AgainBatch, AT_ONCE_MS, BATCHES_AT_ONCE, type QueueUrls, sendAgain } from "./send-again.ts";

export interface ResendParkedDeps {
  readonly batches: Pick<BatchRowStore, "listUnsettled" | "getMany" | "replace">;
  readonly batchQueue: Pick<BatchQueue, "send">;
  readonly queues: QueueUrls;
  /** What the first source serves. */
  readonly productsPerSecond: number;
  readonly clock: Clock;
}

const pendingIn = (row: BatchRow): number => row.items.filter(({ state }) => state === "pending").length;

/**
 * Wakes batches of a resumed run that nobody works on, those due first first: at once, or when their first product is
 * due. After a retry they may be far more than the window holds: those beyond a minute's work wait for their time,
 * because in the queue they would lie so long that `reconcile` took them for stuck. One whose message is lost is found
 * by `reconcile`; so are those that there was no time for, within 15 minutes and by plan.
 * @param untilMs no further part is begun after this time
 * @returns batches resent, now or later
 */
export const resendParked = async (deps: ResendParkedDeps, run: RunRow, untilMs: number): Promise<number> => {
  const startMs = deps.clock.now();
  const ids = await deps.batches.listUnsettled(run.batch_id);
  let ahead = 0;
  let resent = 0;
  for (let from = 0; from < ids.length; from += BATCHES_AT_ONCE) {
    const nowMs = deps.clock.now();
    const rows = await deps.batches.getMany(run.catalog_id, ids.slice(from, from + BATCHES_AT_ONCE));
    const free = rows.filter((row) => pendingIn(row) > 0 && isUnleased(row, isoTime(nowMs)));
    const resumed = free.map((row) => {
      const dueMs = startMs + Math.max(0, Math.round((ahead / deps.productsPerSecond) * 1_000) - AT_ONCE_MS);
      ahead += pendingIn(row);
      return resumeBatch(row, row.items, nowMs, dueMs);
    });
    const again: AgainBatch[] = [];
    await Promise.all(
      resumed.map(async ({ before, after, resendAfterMs }) => {
        if (!(await deps.batches.replace(before, after))) return;
        resent += 1;
        if (resendAfterMs === null) return;
        again.push({ row: after, delaySeconds: resendAfterMs / 1_000 });
      }),
    );
    await sendAgain(deps, run, again);
    if (deps.clock.now() >= untilMs) break;
  }
  return resent;
};
