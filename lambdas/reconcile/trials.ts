import { takeFurther } from "../common/services/failures/trial-steps.ts";
import type { Deps } from "./deps.ts";
import type { Faults } from "./faults.ts";

/** Groups looked at in one pass; a stage has some dozens of causes. */
const GROUPS_PER_PASS = 50;
/** Longest that one pass reopens products of trials. */
const TRYING_MS = 15_000;

/** What one pass did about trials, for the log. */
export interface TrialsReport {
  /** Trials of failure groups that came to their end. */
  tried: number;
}

/**
 * Takes trials of failure groups further: the next part of those whose outcomes are in, and their end. Safe to run at any time
 * and by many at once.
 */
export const takeTrialsFurther = async (
  { trials, clock, log }: Pick<Deps, "trials" | "clock" | "log">,
  faults: Faults,
  report: TrialsReport,
): Promise<void> => {
  const untilMs = clock.now() + TRYING_MS;
  const trying = await trials.groups.listTrying(GROUPS_PER_PASS);
  const fieldsOf = ({ groupId, reach }: (typeof trying)[number]) => ({
    group_id: groupId,
    reach: reach.ownerId ?? "all",
  });
  await faults.each("a trial cannot go on", trying, fieldsOf, async (group) => {
    const row = await takeFurther(trials, group.reach, group.groupId, untilMs);
    if (!row?.trial || row.trial.state === "running") return;
    report.tried += 1;
    const { trial_id, state } = row.trial;
    log.info("a trial of a failure group ended", { ...fieldsOf(group), trial_id, state });
  });
};
