import type { FailingRuns } from "../../adapters/dynamodb/failures/failing-runs.ts";
import { type GroupTally, tallyGroups } from "../../core/failures/group-tally.ts";
import type { Reach } from "../../core/failures/reach.ts";
import type { RunRow } from "../../core/runs/run-row.ts";

/** Runs that one answer counts at most: some 40 reads of a hundred rows each. */
const MAX_RUNS = 2_000;
/** Runs taken off the index by one reader; the next one continues. */
const MAX_FORGOTTEN = 25;

/** Where failing runs are read. */
export interface ReadGroupsDeps {
  readonly failing: Pick<FailingRuns, "list" | "forget">;
}

/** What fails within reach at present. */
export interface FailingNow {
  /** Runs whose failed products can be retried, by tracking id. */
  readonly runs: ReadonlyMap<string, RunRow>;
  readonly tallies: ReadonlyMap<string, GroupTally>;
  /** False: there are more runs than are counted. */
  readonly isComplete: boolean;
}

/**
 * Counts failure groups over the newest run of every catalog within reach. Nothing is written for a count: each run counts its
 * own failures in the transactions that record them. What a retry cannot reach is left out, and taken off the index.
 */
export const readGroups = async ({ failing }: ReadGroupsDeps, reach: Reach): Promise<FailingNow> => {
  const { runs: found, isComplete } = await failing.list(reach, MAX_RUNS);
  const runs = found.filter(({ isCurrent }) => isCurrent).map(({ run }) => run);
  const gone = found.filter(({ run, isCurrent }) => !isCurrent && run.open_shard === undefined);
  for (const { run } of gone.slice(0, MAX_FORGOTTEN)) await failing.forget(run);
  return { runs: new Map(runs.map((run) => [run.batch_id, run])), tallies: tallyGroups(runs), isComplete };
};
