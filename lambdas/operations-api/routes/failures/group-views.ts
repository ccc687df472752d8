import type {
  FailureGroup,
  FailureGroupDetail,
  TrialView,
} from "../../../common/core/contract/operations/failure-groups.ts";
import { type FailureGroupRow, untouched } from "../../../common/core/failures/failure-group-row.ts";
import { caughtUp, type GroupState } from "../../../common/core/failures/group-state.ts";
import type { GroupTally } from "../../../common/core/failures/group-tally.ts";
import { stateOfTrial, type Trial, triedOf } from "../../../common/core/failures/trial.ts";
import { causeOfGroup } from "../../../common/core/runs/failure-group-id.ts";
import type { RunRow } from "../../../common/core/runs/run-row.ts";
import { SourceIdSchema } from "../../../common/core/source-ids.ts";
import { explainGroup } from "../../../common/services/failures/explain-group.ts";
import { type FailedProduct, pickSpread } from "../../../common/services/failures/pick-failed.ts";
import { addUp, countTrial } from "../../../common/services/failures/trial-steps.ts";
import type { FailureDeps } from "./failure-deps.ts";

const SAMPLES = 5;
const RUNS_SHOWN = 20;

/** A group as somebody may see it: its row, and what is failed of it. */
export interface SeenGroup {
  readonly groupId: string;
  /** Undefined: nobody did anything with it. */
  readonly row: FailureGroupRow | undefined;
  /** Undefined: no product of it is failed. */
  readonly tally: GroupTally | undefined;
}

/** The row with what happened by itself since it was written. */
export const rowNow = ({ groupId, row, tally }: SeenGroup, nowMs: number): FailureGroupRow =>
  caughtUp(row ?? untouched(groupId, tally?.first_seen ?? new Date(nowMs).toISOString()), tally, nowMs);

/** A failed product as it may be named: its identity only. */
export const sampleOf = ({ run, failure }: FailedProduct) => {
  const [marketplace = "", asin = ""] = failure.product_key.split("#");
  return { catalog_id: run.catalog_id, asin, marketplace };
};

const trialView = async (deps: FailureDeps, groupId: string, trial: Trial): Promise<TrialView> => {
  const counts = await countTrial(deps, groupId, trial);
  const { healed, failed_again, ended_otherwise, pending } = addUp(trial, counts);
  const { trial_id, size, started_by, started_at, finished_at } = trial;
  return {
    ...{ trial_id, size, state: stateOfTrial(trial, counts), started_by, started_at, finished_at },
    tried: triedOf({ healed, failed_again, ended_otherwise, pending }),
    ...{ healed, failed_again, ended_otherwise, pending },
  };
};

const stateWith = (row: FailureGroupRow, trial: TrialView | null): GroupState =>
  trial?.state === "running" ? "trying" : row.state;

/** What is shown of a group, and what more is known of it. */
export interface GroupParts {
  readonly group: FailureGroup;
  readonly row: FailureGroupRow;
  readonly rawCodes: readonly string[];
}

/** A group as it stands now, without a look at its products. */
export interface GroupNow {
  readonly row: FailureGroupRow;
  readonly trial: TrialView | null;
  readonly state: GroupState;
}

/** How a group stands now. */
export const groupNow = async (deps: FailureDeps, seen: SeenGroup): Promise<GroupNow> => {
  const row = rowNow(seen, deps.clock.now());
  const trial = row.trial ? await trialView(deps, seen.groupId, row.trial) : null;
  return { row, trial, state: stateWith(row, trial) };
};

/** Puts together what is shown of a group. Samples are looked for where most of its products are. */
export const showGroup = async (
  deps: FailureDeps,
  runs: ReadonlyMap<string, RunRow>,
  seen: SeenGroup,
  now?: GroupNow,
): Promise<GroupParts> => {
  const { groupId, tally } = seen;
  const { row, trial, state } = now ?? (await groupNow(deps, seen));
  const samples = tally ? await pickSpread(deps, runs, tally, SAMPLES) : [];
  const rawCodes = [...new Set(samples.map(({ failure }) => failure.raw_code))];
  const cause = causeOfGroup(groupId);
  const source = SourceIdSchema.safeParse(cause.source);
  return {
    row,
    rawCodes,
    group: {
      group_id: groupId,
      state,
      since: state === "trying" ? (trial?.started_at ?? null) : row.history.length > 0 ? row.since : null,
      ignored_until: row.ignored_until,
      error_code: cause.error_code,
      source: source.success ? source.data : null,
      marketplace: cause.marketplace,
      ...explainGroup({ group_id: groupId, ...cause }, rawCodes[0]),
      count: tally?.count ?? 0,
      catalogs: new Set(tally?.runs.map(({ catalog_id }) => catalog_id)).size,
      share: tally && tally.done > 0 ? Math.round((tally.count / tally.done) * 10_000) / 10_000 : 0,
      first_seen: tally?.first_seen ?? null,
      last_seen: tally?.last_seen ?? null,
      samples: samples.map(sampleOf),
      trial,
    },
  };
};

/** The same with all that is known. */
export const detailOf = ({ group, row, rawCodes }: GroupParts, { tally }: SeenGroup): FailureGroupDetail => ({
  ...group,
  raw_codes: [...rawCodes],
  runs: (tally?.runs ?? []).slice(0, RUNS_SHOWN).map((share) => ({ ...share })),
  history: row.history.map((event) => ({ ...event })),
});
