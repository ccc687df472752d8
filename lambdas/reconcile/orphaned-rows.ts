import { isoTime } from "../common/core/clock.ts";
import { removeRows } from "../common/services/lifecycle/remove-rows.ts";
import type { Deps } from "./deps.ts";

/** Parts of 1 MB read a pass: 640 read units a minute while a sweep lasts. */
const PARTS_PER_PASS = 5;
/** Longest that one pass removes orphans. */
const REMOVAL_MS = 10_000;
/** Time from the end of a sweep to the next one: nothing that is known makes orphans, so this is for what is not known. */
const NEXT_SWEEP_MS = 30 * 86_400_000;

/** What one pass did about orphaned rows, for the log. */
export interface OrphansReport {
  orphans_removed: number;
}

type OrphansDeps = Pick<Deps, "orphans" | "deleted" | "failures" | "clock" | "log">;

/**
 * Continues the sweep over the status table, which removes rows whose catalog is gone; a removal that took the end of
 * a page for the end of the list left such rows. One pass does a small part. Safe to run at any time and by many at once.
 */
export const removeOrphans = async (deps: OrphansDeps, report: OrphansReport): Promise<void> => {
  const { clock, orphans } = deps;
  const untilMs = clock.now() + REMOVAL_MS;
  const sweep = await orphans.readSweep();
  if (sweep.ended_at !== null && Date.parse(sweep.ended_at) + NEXT_SWEEP_MS > clock.now()) return;
  let after = sweep.after;
  for (let parts = 0; parts < PARTS_PER_PASS && clock.now() < untilMs; parts += 1) {
    const part = await orphans.readSome(after);
    for (const catalogId of part.orphans) {
      // The next pass reads this part again.
      if (!(await removeRows(deps, catalogId, untilMs))) return;
      report.orphans_removed += 1;
      deps.log.info("rows without a catalog removed", { catalog_id: catalogId });
    }
    after = part.next;
    await orphans.saveSweep({ after, ended_at: after === null ? isoTime(clock.now()) : null });
    if (after === null) return;
  }
};
