import type { BatchRowStore } from "../../adapters/dynamodb/enrichment-status/batch-row-store.ts";
import type { FailureGroupStore } from "../../adapters/dynamodb/failures/failure-group-store.ts";
import type { FailureStore } from "../../adapters/dynamodb/failures/failure-store.ts";
import { batchId } from "../../core/batches/batch-row.ts";
import { isoTime } from "../../core/clock.ts";
import { ConflictError, StaleWriteError } from "../../core/errors.ts";
import { type FailureGroupRow, withEvents } from "../../core/failures/failure-group-row.ts";
import type { Reach } from "../../core/failures/reach.ts";
import {
  addCounts,
  countPart,
  stateOfTrial,
  type Trial,
  type TrialCounts,
  type TrialState,
  trialMark,
  triedOf,
} from "../../core/failures/trial.ts";
import { type ReopenBatchesDeps, reopenBatches } from "../lifecycle/reopen-failed.ts";
import { pickPart } from "./pick-failed.ts";
import { type ReadGroupsDeps, readGroups } from "./read-groups.ts";

export interface TrialDeps extends ReopenBatchesDeps, ReadGroupsDeps {
  readonly groups: Pick<FailureGroupStore, "get" | "save" | "noteTrying" | "forgetTrying">;
  readonly failures: ReopenBatchesDeps["failures"] & Pick<FailureStore, "findOpen">;
  readonly batches: ReopenBatchesDeps["batches"] & Pick<BatchRowStore, "getAll">;
}

/** What came of the products of the part under way; undefined where there is none. */
export const countTrial = async (
  { batches }: { readonly batches: Pick<BatchRowStore, "getAll"> },
  groupId: string,
  trial: Trial,
): Promise<TrialCounts | undefined> => {
  if (!trial.part) return undefined;
  const keys = trial.part.picks.flatMap(({ catalog_id, tracking_id, batches: numbers }) =>
    numbers.map((number) => ({ catalog_id, batch_id: batchId(tracking_id, number) })),
  );
  return countPart(groupId, trialMark(trial), await batches.getAll(keys));
};

/** Takes a trial as far as it goes now, and notes its end. Safe to call at any time and by many at once. */
export const takeFurther = async (
  deps: TrialDeps,
  reach: Reach,
  groupId: string,
  untilMs: number,
): Promise<FailureGroupRow | undefined> => {
  for (;;) {
    const row = await deps.groups.get(reach, groupId);
    if (row?.trial?.state !== "running") {
      await deps.groups.forgetTrying({ reach, groupId });
      return row;
    }
    const next = await nextRow(deps, reach, { ...row, trial: row.trial }, untilMs);
    if (next === undefined) return row;
    try {
      await deps.groups.save(reach, next);
    } catch (error) {
      // Somebody else took the same step, or stopped the trial: go by what is there now.
      if (!(error instanceof StaleWriteError)) throw error;
    }
    if (deps.clock.now() >= untilMs) return next;
  }
};

type TryingRow = FailureGroupRow & { readonly trial: Trial };

/** The row after the next step of its trial; undefined while there is nothing but to wait. */
const nextRow = async (
  deps: TrialDeps,
  reach: Reach,
  row: TryingRow,
  untilMs: number,
): Promise<FailureGroupRow | undefined> => {
  const { trial, group_id } = row;
  if (trial.part?.phase === "picked") return { ...row, trial: await reopened(deps, trial, trial.part) };
  const counts = await countTrial(deps, group_id, trial);
  const state = stateOfTrial(trial, counts);
  const isTryingOn =
    state === "running" && (counts?.pending ?? 0) === 0 && (trial.part === null || trial.size === "all");
  if (state !== "running") return ended(row, state, addUp(trial, counts), deps.clock.now());
  return isTryingOn ? withNextPart(deps, reach, row, counts, untilMs) : undefined;
};

/** The outcomes of a trial so far: those of its earlier parts, and of the present one. */
export const addUp = ({ before }: Trial, counts: TrialCounts | undefined): TrialCounts =>
  counts ? addCounts(before, counts) : before;

const withNextPart = async (
  deps: TrialDeps,
  reach: Reach,
  row: TryingRow,
  counts: TrialCounts | undefined,
  untilMs: number,
): Promise<FailureGroupRow> => {
  const { trial, group_id } = row;
  const { runs, tallies } = await readGroups(deps, reach);
  const tally = tallies.get(group_id);
  const all = addUp(trial, counts);
  if (!tally) return ended(row, "done", all, deps.clock.now());
  const picked = await pickPart(deps, runs, tally, trial, () => deps.clock.now() < untilMs);
  const { place, spread } = picked;
  if (picked.picks.length === 0) {
    if (picked.isEnd) return ended(row, "done", all, deps.clock.now());
    return { ...row, trial: { ...trial, place, spread } };
  }
  const part = { number: (trial.part?.number ?? 0) + 1, phase: "picked" as const, picks: [...picked.picks] };
  return { ...row, trial: { ...trial, part, before: all, place, spread } };
};

/**
 * Reopens the products of a part. Repeated after a crash it finds those that were reopened by their mark. A run that cannot
 * be retried any more is passed over: it was cancelled, or its catalog has a newer one.
 */
const reopened = async (deps: TrialDeps, trial: Trial, part: NonNullable<Trial["part"]>): Promise<Trial> => {
  for (const { catalog_id, tracking_id, batches, asins = [] } of part.picks) {
    const run = await deps.runs.getRun(catalog_id, tracking_id);
    if (!run) continue;
    const ids = batches.map((number) => batchId(tracking_id, number));
    try {
      await reopenBatches(deps, run, ids, { asins, trial: trialMark(trial) });
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
    }
  }
  return { ...trial, part: { ...part, phase: "watched", picks: part.picks.map(({ asins: _asins, ...pick }) => pick) } };
};

const WORDS: Readonly<Record<Exclude<TrialState, "running">, string>> = {
  done: "came to its end",
  came_back: "stopped, because the group came back",
  stopped: "was stopped",
};

/** The row with its trial ended. What is still pending then ends by itself. */
export const ended = (
  row: TryingRow,
  state: Exclude<TrialState, "running">,
  counts: TrialCounts,
  nowMs: number,
): FailureGroupRow => {
  const at = isoTime(nowMs);
  const { healed, failed_again, pending } = counts;
  const left = pending > 0 ? `, ${pending} pending` : "";
  const note = `${WORDS[state]}: of ${triedOf(counts)} tried ${healed} healed, ${failed_again} failed again${left}`;
  return {
    ...row,
    trial: { ...row.trial, state, finished_at: at },
    history: withEvents(row.history, { at, by: null, event: "tried", note }),
  };
};
