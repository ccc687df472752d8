import type { RunRow } from "../common/core/runs/run-row.ts";
import { removeCatalog } from "../common/services/lifecycle/remove-catalog.ts";
import { settleCancelled } from "../common/services/lifecycle/settle-cancelled.ts";
import type { Deps } from "./deps.ts";
import type { Faults } from "./faults.ts";

/** Longest that one pass settles cancelled runs, some 20,000 products of them: the steps after it need time too. */
const SETTLING_MS = 15_000;
/** Deleted catalogs handled a minute; the rest follow in the next. */
const CATALOGS_PER_PASS = 50;
/** Longest that one pass removes rows, some 50,000 of them. */
const REMOVAL_MS = 20_000;

/** What one pass did about cancelled runs and deleted catalogs, for the log. */
export interface StoppedReport {
  cancelled: number;
  removed: number;
}

type StoppedDeps = Pick<
  Deps,
  "runs" | "deleted" | "batches" | "recorder" | "failures" | "switch" | "objects" | "clock" | "log"
>;

/**
 * Settles what is left of cancelled runs: batches whose holder died, products that were being sent when the cancel
 * came, and batches that the request had no time for. The runs share the time of a pass, so that a large one keeps no
 * other waiting. Safe to run at any time and by many at once.
 */
export const settleStopped = async (
  deps: StoppedDeps,
  openRuns: readonly RunRow[],
  faults: Faults,
  report: StoppedReport,
): Promise<void> => {
  const untilMs = deps.clock.now() + SETTLING_MS;
  const stopped = openRuns.filter(({ state }) => state === "cancelled");
  let left = stopped.length;
  await faults.each(
    "a cancelled run cannot be settled",
    stopped,
    ({ catalog_id, batch_id }) => ({ catalog_id, tracking_id: batch_id }),
    async (run) => {
      const nowMs = deps.clock.now();
      if (nowMs >= untilMs) return;
      const shareMs = (untilMs - nowMs) / left;
      left -= 1;
      const settled = await settleCancelled(deps, run, nowMs + shareMs);
      if (settled?.open_shard === undefined) report.cancelled += 1;
    },
  );
};

/** Removes deleted catalogs step by step. Safe to run at any time and by many at once. */
export const removeDeleted = async (deps: StoppedDeps, faults: Faults, report: StoppedReport): Promise<void> => {
  const untilMs = deps.clock.now() + REMOVAL_MS;
  const deleted = await deps.deleted.listDeleted(CATALOGS_PER_PASS, ({ error, ...row }) =>
    faults.note("a deleted catalog cannot be read", row, error),
  );
  await faults.each(
    "a deleted catalog cannot be removed",
    deleted,
    ({ catalog_id }) => ({ catalog_id }),
    async (catalog) => {
      if (deps.clock.now() >= untilMs || !(await removeCatalog(deps, catalog, untilMs))) return;
      report.removed += 1;
      deps.log.info("deleted catalog removed", { catalog_id: catalog.catalog_id });
    },
  );
};
