import { isoTime } from "../../common/core/clock.ts";
import { errorWords } from "../../common/core/error-words.ts";
import type { Unrecorded } from "../../common/core/runs/unrecorded.ts";
import type { SourceId } from "../../common/core/source-ids.ts";
import { backOffSeconds } from "../back-off.ts";
import type { ClaimedBatch } from "../claim/claimed-batch.ts";
import type { Deps } from "../deps.ts";

type NoteDeps = Pick<Deps, "runs" | "clock" | "log">;

/** Notes in each run of `batches` that work on it was begun and is not recorded. The note is a courtesy: it never throws. */
const note = async (
  { runs, log }: NoteDeps,
  batches: readonly ClaimedBatch[],
  unrecorded: Unrecorded,
): Promise<void> => {
  const distinct = new Map(batches.map(({ run }) => [run.batch_id, run]));
  await Promise.all(
    [...distinct.values()].map(async (run) => {
      try {
        await runs.noteUnrecorded(run, unrecorded);
      } catch (error) {
        log.warn("the run does not say why it stands still", { tracking_id: run.batch_id, error: errorWords(error) });
      }
    }),
  );
};

/** Notes batches whose result the table did not take. Their records come back, each after its own time. */
export const noteNotRecorded = async (deps: NoteDeps, batches: readonly ClaimedBatch[]): Promise<void> => {
  if (batches.length === 0) return;
  const nowMs = deps.clock.now();
  const soonest = Math.min(...batches.map(({ record }) => backOffSeconds(record)));
  await note(deps, batches, {
    since: isoTime(nowMs),
    reason: "not_recorded",
    retry_at: isoTime(nowMs + soonest * 1_000),
  });
};

/** Notes that a call for batches has been under way for long. @param endsAtMs when it ends at the latest */
export const noteNoAnswer = (
  deps: NoteDeps,
  batches: readonly ClaimedBatch[],
  source: SourceId,
  endsAtMs: number,
): Promise<void> =>
  note(deps, batches, {
    since: isoTime(deps.clock.now()),
    reason: "no_answer",
    source,
    retry_at: isoTime(endsAtMs),
  });

/**
 * Notes batches that an earlier delivery already led to: its worker died, was stopped, or met a fault that left nothing. They
 * are worked on again now.
 */
export const noteNotFinished = async (deps: NoteDeps, batches: readonly ClaimedBatch[]): Promise<void> => {
  const again = batches.filter(({ record, run }) => record.receiveCount > 1 && run.unrecorded === undefined);
  const now = isoTime(deps.clock.now());
  await note(deps, again, { since: now, reason: "not_finished", retry_at: now });
};
