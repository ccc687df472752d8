import type { BatchMessage } from "../common/core/batches/batch-message.ts";
import type { BatchRow } from "../common/core/batches/batch-row.ts";
import type { Unfinished } from "../common/platform/sqs/consumer.ts";
import type { QueueRecord } from "../common/platform/sqs/queue-record.ts";
import { claimBatches } from "./claim/claim-batches.ts";
import { releaseLeases } from "./claim/leases.ts";
import type { Deps } from "./deps.ts";
import { type EnrichedBatches, enrichGroup } from "./enrich/enrich-group.ts";
import { finishRuns } from "./finish/finish-runs.ts";
import { type BatchGroup, groupBatches } from "./group-batches.ts";
import { noteNotFinished, noteNotRecorded } from "./record/note-unrecorded.ts";
import { type RecordedRun, recordBatches } from "./record/record-batches.ts";
import { refillWindow } from "./refill-window.ts";
import { RunWatch } from "./run-watch.ts";

/**
 * Works on the batches of several records together, in four steps: claim, enrich, record, finish. Products of all batches
 * are merged so that upstream calls are full, each batch is recorded as soon as its products are through, and what is
 * open comes back.
 * @throws what nobody expected; the batches that are not recorded are free again then
 */
export const processBatches = async (
  deps: Deps,
  records: readonly QueueRecord<BatchMessage>[],
  remainingMs: () => number,
): Promise<Unfinished<BatchMessage>> => {
  const claim = await claimBatches(deps, records);
  const failed = [...claim.failed];
  const recorded: RecordedRun[] = [];
  const unrecorded = new Set<BatchRow>([...claim.batches.map(({ row }) => row), ...claim.orphans]);

  const enrichAndRecord = async (group: BatchGroup): Promise<void> => {
    const runs = [...new Set(group.batches.map(({ run }) => run))];
    const watch = new RunWatch({ runs: deps.runs, clock: deps.clock, remainingMs }, runs, claim.runsReadAtMs);
    const dueMs = deps.clock.now();
    const record = async (enriched: EnrichedBatches): Promise<void> => {
      const result = await recordBatches(deps, enriched, (run) => watch.latest(run), dueMs);
      recorded.push(...result.recorded);
      failed.push(...result.failed);
      for (const { row } of enriched.batches) unrecorded.delete(row);
    };
    const onReady = async (ready: EnrichedBatches): Promise<void> => {
      await record(ready);
      // What is settled makes room in the window; refilling it now keeps the upstream busy.
      if (ready.batches.some(({ run }) => run.dispatched < run.batches)) await refillWindow(deps);
    };
    const mayContinue = (): Promise<boolean> => watch.mayContinue();
    await record(await enrichGroup({ enrich: deps.enrich, dueMs, mayContinue, remainingMs, onReady }, group));
  };

  await noteNotFinished(deps, claim.batches);
  try {
    for (const group of groupBatches(claim.batches)) await enrichAndRecord(group);
  } catch (error) {
    await releaseLeases(deps, [...unrecorded]);
    await noteNotRecorded(
      deps,
      claim.batches.filter(({ row }) => unrecorded.has(row)),
    );
    throw error;
  }
  await finishRuns(deps, [...claim.batches.map(({ run }) => run), ...claim.settledRuns], recorded);
  return { failed, leased: claim.leased };
};
