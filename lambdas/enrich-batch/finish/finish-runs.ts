import { isoTime } from "../../common/core/clock.ts";
import type { RunRow } from "../../common/core/runs/run-row.ts";
import { countRunCost } from "../../common/services/lifecycle/count-run-cost.ts";
import type { Deps } from "../deps.ts";
import type { RecordedRun } from "../record/record-batches.ts";
import { refillWindow } from "../refill-window.ts";
import { applyLateChanges } from "./apply-late-changes.ts";

/**
 * Step 4: applies what was done to runs meanwhile, closes those that have nothing left, then refills the dispatch window
 * with what they made free. Runs that neither had anything left to continue with nor got it now are marked as waiting.
 * @param touched runs that this invocation worked for; a run may come several times
 */
export const finishRuns = async (
  deps: Deps,
  touched: readonly Pick<RunRow, "catalog_id" | "batch_id">[],
  recorded: readonly RecordedRun[],
): Promise<void> => {
  const keys = new Map(touched.map((run) => [run.batch_id, { catalog_id: run.catalog_id, tracking_id: run.batch_id }]));
  let latest = await deps.runs.getRuns([...keys.values()]);
  if (await applyLateChanges(deps, latest, recorded)) latest = await deps.runs.getRuns([...keys.values()]);
  let room = false;
  for (const run of latest.values()) {
    const closed = await deps.runs.closeIfDone(run, isoTime(deps.clock.now()));
    if (closed) {
      const { catalog_id, batch_id, correlation_id, failed } = run;
      deps.log.info("run closed", { catalog_id, tracking_id: batch_id, correlation_id, failed });
      await countRunCost(deps, run);
    }
    // A run that closed makes room too: what waited for it may be another run of the same user.
    room ||= closed || run.dispatched < run.batches;
  }
  if (room || latest.size === 0) await refillWindow(deps, [...latest.values()]);
  // Nothing is said of a run that batches were sent of just now: it is not as it was read.
  for (const run of latest.values()) await deps.runs.waitIfAllParked(run, isoTime(deps.clock.now()));
};
