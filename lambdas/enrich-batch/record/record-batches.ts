import type { RunOutcome } from "../../common/adapters/dynamodb/enrichment-status/outcome-recorder.ts";
import type { BatchMessage } from "../../common/core/batches/batch-message.ts";
import { EnrichlineError, TransientError } from "../../common/core/errors.ts";
import type { RunRow } from "../../common/core/runs/run-row.ts";
import type { FailedRecord } from "../../common/platform/sqs/consumer.ts";
import type { ClaimedBatch } from "../claim/claimed-batch.ts";
import { leaseEndSeconds, releaseLeases } from "../claim/leases.ts";
import type { Deps } from "../deps.ts";
import type { EnrichedBatches } from "../enrich/enrich-group.ts";
import { noteNotRecorded } from "./note-unrecorded.ts";
import { type RecordKind, recordRun } from "./record-run.ts";

/** Batches of one run as this invocation left them: the run as it was believed to be, and what was committed. */
export type RecordedRun = Pick<RunOutcome, "run" | "changes">;

/** What came of recording batches. */
export interface Recorded {
  readonly recorded: readonly RecordedRun[];
  /** Records whose batches could not be committed for now. */
  readonly failed: readonly FailedRecord<BatchMessage>[];
}

/**
 * Step 3: records what came of batches, run by run. A store that does not answer fails the batches of that run alone.
 * @param latest the run as last seen
 * @param kind `first`: the batches are worked on further, see `recordRun`
 * @throws what nobody expected
 */
export const recordBatches = async (
  deps: Deps,
  { batches, ...outcomes }: EnrichedBatches,
  latest: (run: RunRow) => RunRow,
  kind: RecordKind = "last",
): Promise<Recorded> => {
  const recorded: RecordedRun[] = [];
  const failed: FailedRecord<BatchMessage>[] = [];
  for (const claimedRun of new Set(batches.map(({ run }) => run))) {
    const run = latest(claimedRun);
    const own = batches.filter((batch) => batch.run === claimedRun);
    try {
      recorded.push({ run, changes: await recordRun(deps, run, own, outcomes, kind) });
    } catch (error) {
      if (!(error instanceof EnrichlineError && error.retryable)) throw error;
      failed.push(...(await giveBack(deps, own, error)));
      await noteNotRecorded(deps, own);
    }
  }
  return { recorded, failed };
};

/** Frees batches whose outcome could not be committed. One whose lease stays comes back when that is over. */
const giveBack = async (
  deps: Deps,
  batches: readonly ClaimedBatch[],
  error: EnrichlineError,
): Promise<FailedRecord<BatchMessage>[]> => {
  const kept = new Set(
    await releaseLeases(
      deps,
      batches.map(({ row }) => row),
    ),
  );
  return batches.map(({ record, row }) => {
    if (!kept.has(row)) return { record, error };
    const retryAfterSeconds = leaseEndSeconds(row, deps.clock.now());
    return { record, error: new TransientError(error.message, { code: error.code, retryAfterSeconds, cause: error }) };
  });
};
