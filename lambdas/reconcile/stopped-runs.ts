import { removeCatalog } from "../adapters/lifecycle/remove-catalog.ts";
import { settleCancelled } from "../adapters/lifecycle/settle-cancelled.ts";
import type { RunRow } from "../core/status-rows.ts";
import type { Deps } from "./deps.ts";

/** Deleted catalogs looked at a minute; the rest follow in the next. */
const CATALOGS_A_PASS = 50;
/** Longest that one pass removes rows, some 50,000 of them. */
const REMOVAL_MS = 20_000;

/** What one pass did about cancelled runs and deleted catalogs, for the log. */
export interface StoppedReport {
  cancelled: number;
  removed: number;
}

type StoppedDeps = Pick<Deps, "status" | "batches" | "recorder" | "failures" | "switch" | "objects" | "clock" | "log">;

/**
 * Settles what is left of cancelled runs: batches whose holder died, and products that were being sent when the cancel
 * came. Then removes deleted catalogs step by step. Safe to run at any time and by many at once.
 */
export const reconcileStopped = async (deps: StoppedDeps, openRuns: readonly RunRow[]): Promise<StoppedReport> => {
  const report: StoppedReport = { cancelled: 0, removed: 0 };
  for (const run of openRuns) {
    if (run.state !== "cancelled") continue;
    const settled = await settleCancelled(deps, run);
    if (settled?.open_shard === undefined) report.cancelled += 1;
  }
  const untilMs = deps.clock.now() + REMOVAL_MS;
  for (const catalog of await deps.status.listDeleted(CATALOGS_A_PASS)) {
    if (deps.clock.now() >= untilMs) break;
    if (!(await removeCatalog(deps, catalog, untilMs))) continue;
    report.removed += 1;
    deps.log.info("deleted catalog removed", { catalog_id: catalog.catalog_id });
  }
  return report;
};
