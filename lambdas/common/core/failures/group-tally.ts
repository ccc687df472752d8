import { failureGroupId } from "../runs/failure-group-id.ts";
import type { RunRow } from "../runs/run-row.ts";

/** The parts of a run that say which failure groups it has. */
export type FailingRun = Pick<
  RunRow,
  | "catalog_id"
  | "batch_id"
  | "created_at"
  | "updated_at"
  | "finished_at"
  | "enriched"
  | "failed"
  | "failure_counts"
  | "failure_groups"
  | "failure_firsts"
  | "failure_lasts"
>;

/** A failure group in one run. */
export interface RunShare {
  readonly catalog_id: string;
  readonly tracking_id: string;
  readonly count: number;
}

/** A failure group over runs: the sum of what each run counts, which is exact because runs count with their outcomes. */
export interface GroupTally {
  readonly group_id: string;
  /** Products that are failed at present. */
  readonly count: number;
  /** Products of these runs that have ended, enriched or failed. */
  readonly done: number;
  readonly first_seen: string;
  readonly last_seen: string;
  /** Most products first. */
  readonly runs: readonly RunShare[];
}

interface RunGroup {
  readonly id: string;
  readonly count: number;
  readonly first: string;
  readonly last: string;
}

/** Groups of one run. One of an older version counts by code alone, and knows only its own times. */
const groupsOf = (run: FailingRun): RunGroup[] => {
  if (run.failure_groups === undefined) {
    const last = run.finished_at ?? run.updated_at;
    return Object.entries(run.failure_counts).map(([error_code, count]) => ({
      id: failureGroupId({ error_code, source: null, marketplace: null }),
      ...{ count, first: run.created_at, last },
    }));
  }
  return Object.entries(run.failure_groups).map(([id, count]) => {
    const last = run.failure_lasts?.[id] ?? run.updated_at;
    return { id, count, first: run.failure_firsts?.[id] ?? last, last };
  });
};

const earlier = (one: string, other: string): string => (one < other ? one : other);
const later = (one: string, other: string): string => (one > other ? one : other);

/** Adds up the failure groups of runs, by group id; a group of which no product is failed any more is left out. */
export const tallyGroups = (runs: readonly FailingRun[]): Map<string, GroupTally> => {
  const tallies = new Map<string, GroupTally & { readonly runs: RunShare[] }>();
  for (const run of runs) {
    for (const { id, count, first, last } of groupsOf(run)) {
      if (count <= 0) continue;
      const known = tallies.get(id);
      const share = { catalog_id: run.catalog_id, tracking_id: run.batch_id, count };
      tallies.set(id, {
        group_id: id,
        count: (known?.count ?? 0) + count,
        done: (known?.done ?? 0) + run.enriched + run.failed,
        first_seen: known ? earlier(known.first_seen, first) : first,
        last_seen: known ? later(known.last_seen, last) : last,
        runs: known?.runs ?? [],
      });
      tallies.get(id)?.runs.push(share);
    }
  }
  const byCount = (one: RunShare, other: RunShare): number =>
    other.count - one.count || (one.tracking_id < other.tracking_id ? -1 : 1);
  for (const { runs: shares } of tallies.values()) shares.sort(byCount);
  return tallies;
};
