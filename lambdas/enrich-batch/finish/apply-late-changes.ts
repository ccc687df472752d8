import type { BatchRow } from "../../common/core/batches/batch-row.ts";
import { batchMessageFor } from "../../common/core/batches/message-for-row.ts";
import { resumeBatch } from "../../common/core/batches/reschedule/resume-batch.ts";
import { cancelItem } from "../../common/core/batches/settle/settle-item.ts";
import { isoTime } from "../../common/core/clock.ts";
import type { RunRow } from "../../common/core/runs/run-row.ts";
import { isOpen } from "../../common/core/runs/run-states.ts";
import type { Deps } from "../deps.ts";
import { closedFailureKeys } from "../record/failure-rows.ts";
import type { RecordedRun } from "../record/record-batches.ts";

/** Rows with open products as they are after a commit. */
const openRows = ({ changes }: RecordedRun): BatchRow[] =>
  changes
    .map(({ before, after }) => ({ ...after, version: before.version + 1 }))
    .filter((row) => row.items.some((item) => item.state === "pending"));

/**
 * Applies a cancel or a resume that came while this invocation held the batches: it passed them over, and we recorded
 * them without knowing. Read after the record, the run says so; a change that comes after that reading finds the batches
 * free.
 * @param latest the runs, read after everything was recorded
 * @returns whether anything was settled
 */
export const applyLateChanges = async (
  deps: Pick<Deps, "recorder" | "failures" | "batchQueue" | "ownQueueUrl" | "clock">,
  latest: ReadonlyMap<string, RunRow>,
  recorded: readonly RecordedRun[],
): Promise<boolean> => {
  let settled = false;
  for (const one of recorded) {
    const believed = one.run;
    const run = latest.get(believed.batch_id);
    const open = openRows(one);
    if (!run || open.length === 0) continue;
    if (run.state === "cancelled") {
      await cancelRows(deps, run, open);
      settled = true;
    } else if (believed.state === "paused" && isOpen(run.state) && run.state !== "paused") {
      await deps.batchQueue.send(
        deps.ownQueueUrl,
        open.map((row) => ({ message: batchMessageFor(row), delaySeconds: 0 })),
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
  const changes = rows.map((row) => resumeBatch(row, row.items.map(cancelItem), nowMs));
  await deps.failures.close(
    run.batch_id,
    changes.flatMap((change) => closedFailureKeys(change)),
    now,
  );
  await deps.recorder.record({ run, changes, blocked_by: run.blocked_by, now });
};
