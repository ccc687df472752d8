import { wakeUpFor } from "../../core/batch-wake-up.ts";
import { type Clock, isoTime } from "../../core/clock.ts";
import { resumeBatch } from "../../core/resume-batch.ts";
import type { RunRow } from "../../core/status-rows.ts";
import type { BatchRowStore } from "../batch-row-store.ts";
import type { WakeUp, WakeUps } from "../wake-ups.ts";

const PARALLEL_WRITES = 10;

export interface WakeParkedDeps {
  readonly batches: Pick<BatchRowStore, "listUnsettled" | "getMany" | "replace">;
  readonly wakeUps: Pick<WakeUps, "send">;
  readonly queues: { readonly bulk: string; readonly express: string };
  readonly clock: Clock;
}

/**
 * Wakes every batch of a resumed run that nobody works on: at once, or when its first product is due. They are never
 * more than what was sent and not settled. One whose message is lost is found by `reconcile`.
 * @returns batches woken, now or later
 */
export const wakeParked = async (deps: WakeParkedDeps, run: RunRow): Promise<number> => {
  const nowMs = deps.clock.now();
  const rows = await deps.batches.getMany(run.catalog_id, await deps.batches.listUnsettled(run.batch_id));
  const free = rows.filter((row) => row.lease_until === undefined || row.lease_until < isoTime(nowMs));
  const queue = run.express ? deps.queues.express : deps.queues.bulk;
  let woken = 0;
  for (let from = 0; from < free.length; from += PARALLEL_WRITES) {
    const wakeUps: WakeUp[] = [];
    await Promise.all(
      free.slice(from, from + PARALLEL_WRITES).map(async (row) => {
        const resumed = resumeBatch(row, row.items, nowMs);
        if (!(await deps.batches.replace(row, resumed.row))) return;
        woken += 1;
        if (resumed.wake_up_after_ms === null) return;
        wakeUps.push({ message: wakeUpFor(resumed.row), delay_seconds: resumed.wake_up_after_ms / 1_000 });
      }),
    );
    await deps.wakeUps.send(queue, wakeUps);
  }
  return woken;
};
