import type { BatchChange } from "../adapters/dynamodb/enrichment-status/outcome-recorder.ts";
import type { BatchRow } from "../core/batches/batch-row.ts";
import { batchMessageFor } from "../core/batches/message-for-row.ts";
import { resumeBatch } from "../core/batches/resume-batch.ts";
import { cancelItem } from "../core/batches/settle-item.ts";
import { isoTime } from "../core/clock.ts";
import type { RunRow } from "../core/runs/run-row.ts";
import { isOpen } from "../core/runs/run-states.ts";
import type { Deps } from "./deps.ts";
import { closedFailuresOf } from "./failures-of.ts";

/** Batches of one run as this invocation left them. */
export interface Recorded {
  /** The run as it was believed to be when they were recorded. */
  readonly run: RunRow;
  readonly rows: readonly BatchRow[];
}

/** Rows as they stand after a commit. */
export const committedRows = (changes: readonly BatchChange[]): BatchRow[] =>
  changes.map(({ before, after }) => ({ ...after, version: before.version + 1 }));

/**
 * Does for batches what whoever cancelled or resumed their run could not, because this invocation held them then: it
 * passed them over, and we recorded them without knowing. Read after the record, the run tells; a change that comes
 * after that reading finds the batches free.
 * @param latest the runs, read after everything was recorded
 * @returns whether anything was settled
 */
export const fixStoppedRuns = async (
  deps: Pick<Deps, "recorder" | "failures" | "batchQueue" | "ownQueueUrl" | "clock">,
  latest: ReadonlyMap<string, RunRow>,
  recorded: readonly Recorded[],
): Promise<boolean> => {
  let settled = false;
  for (const { run: believed, rows } of recorded) {
    const run = latest.get(believed.batch_id);
    const pending = rows.filter((row) => row.items.some((item) => item.state === "pending"));
    if (!run || pending.length === 0) continue;
    if (run.state === "cancelled") {
      await cancelRows(deps, run, pending);
      settled = true;
    } else if (believed.state === "paused" && isOpen(run.state) && run.state !== "paused") {
      await deps.batchQueue.send(
        deps.ownQueueUrl,
        pending.map((row) => ({ message: batchMessageFor(row), delay_seconds: 0 })),
      );
    }
  }
  return settled;
};

const cancelRows = async (
  deps: Pick<Deps, "recorder" | "failures" | "clock">,
  run: RunRow,
  rows: readonly BatchRow[],
): Promise<void> => {
  const nowMs = deps.clock.now();
  const now = isoTime(nowMs);
  const changes = rows.map((row) => ({ before: row, after: resumeBatch(row, row.items.map(cancelItem), nowMs).row }));
  await deps.failures.close(
    run.batch_id,
    changes.flatMap(({ before, after }) => closedFailuresOf(before, after)),
    now,
  );
  await deps.recorder.record({ run, changes, blocked_by: run.blocked_by, now });
};
