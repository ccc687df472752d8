import type { BatchMessage } from "../common/core/batches/batch-message.ts";
import type { BatchRow } from "../common/core/batches/batch-row.ts";
import type { RunRow } from "../common/core/runs/run-row.ts";
import type { SourceId } from "../common/core/source-ids.ts";
import type { ReceiveMore, Unfinished } from "../common/platform/sqs/consumer.ts";
import type { QueueRecord } from "../common/platform/sqs/queue-record.ts";
import { claimBatches } from "./claim/claim-batches.ts";
import type { ClaimedBatch, DueBatch } from "./claim/claimed-batch.ts";
import { receiveCompany } from "./claim/company.ts";
import { releaseLeases } from "./claim/leases.ts";
import type { Deps } from "./deps.ts";
import { type EnrichedBatches, enrichGroup } from "./enrich/enrich-group.ts";
import { finishRuns } from "./finish/finish-runs.ts";
import { type BatchGroup, fitsGroup, groupBatches } from "./group-batches.ts";
import { noteNoAnswer, noteNotFinished, noteNotRecorded } from "./record/note-unrecorded.ts";
import { type RecordedRun, recordBatches } from "./record/record-batches.ts";
import { refillWindow } from "./refill-window.ts";
import { RunWatch } from "./run-watch.ts";
import { wakeAfterClosing } from "./wake-after-closing.ts";

/**
 * Works on the batches of several records together, in four steps: claim, enrich, record, finish. Products of all batches
 * are merged so that upstream calls are full, each batch is recorded as soon as its products are through, and what is
 * open comes back. The first results of a run are recorded at once, although others of their batch are still to come. While a
 * call waits for its slot, it may receive further batches to be full.
 * @throws what nobody expected; the batches that are not recorded are free again then
 */
export const processBatches = async (
  deps: Deps,
  records: readonly QueueRecord<BatchMessage>[],
  remainingMs: () => number,
  receiveMore: ReceiveMore<BatchMessage> = async () => [],
): Promise<Unfinished<BatchMessage>> => {
  const claim = await claimBatches(deps, records);
  const failed = [...claim.failed];
  const leased = [...claim.leased];
  const settledRuns = [...claim.settledRuns];
  const held = [...claim.batches];
  const groups = groupBatches(claim.batches);
  const recorded: RecordedRun[] = [];
  const unrecorded = new Set<BatchRow>([...claim.batches.map(({ row }) => row), ...claim.orphans]);

  const shown = new Set<string>();
  const noteShown = (batches: readonly ClaimedBatch[]): void => {
    for (const { run } of batches) if (run.enriched + run.failed > 0) shown.add(run.batch_id);
  };
  noteShown(claim.batches);

  /** Claims what waits in the queue, as at the beginning. */
  const claimMore = async (ids: number, waitSeconds: number): Promise<readonly ClaimedBatch[]> => {
    const more = await receiveCompany(deps, receiveMore, remainingMs, { ids, waitSeconds });
    if (more.length === 0) return [];
    let joined: Awaited<ReturnType<typeof claimBatches>>;
    try {
      joined = await claimBatches(deps, more);
    } catch (error) {
      // No row stayed claimed. What is in hand is not affected.
      failed.push(...more.map((record) => ({ record, error })));
      return [];
    }
    failed.push(...joined.failed);
    leased.push(...joined.leased);
    settledRuns.push(...joined.settledRuns);
    held.push(...joined.batches);
    for (const row of [...joined.batches.map((batch) => batch.row), ...joined.orphans]) unrecorded.add(row);
    noteShown(joined.batches);
    await noteNotFinished(deps, joined.batches);
    return joined.batches;
  };

  let hasClosed = false;
  const enrichAndRecord = async (group: BatchGroup): Promise<void> => {
    const runs = [...new Set(group.batches.map(({ run }) => run))];
    const watch = new RunWatch({ runs: deps.runs, clock: deps.clock, remainingMs }, runs, claim.runsReadAtMs);
    /** What is due when the group begins, and of those that join it when they do. */
    const dueNow = (batches: readonly ClaimedBatch[]): DueBatch[] => {
      const dueMs = deps.clock.now();
      return batches.map((batch) => ({ ...batch, dueMs }));
    };
    const begun = dueNow(group.batches);
    const members: ClaimedBatch[] = [...begun];
    // Written beside the call; a record waits for it, because it takes the note away.
    let noted: Promise<void> = Promise.resolve();
    const onSlow = (source: SourceId, endsAtMs: number): void => {
      // By their ids: a batch whose first results are recorded has another row by now.
      const ids = new Set([...unrecorded].map(({ batch_id }) => batch_id));
      const open = members.filter(({ row }) => ids.has(row.batch_id));
      noted = Promise.all([noted, noteNoAnswer(deps, open, source, endsAtMs)]).then(() => undefined);
    };
    const record = async (enriched: EnrichedBatches): Promise<void> => {
      await noted;
      const result = await recordBatches(deps, enriched, (run) => watch.latest(run));
      recorded.push(...result.recorded);
      failed.push(...result.failed);
      for (const { row, run } of enriched.batches) {
        unrecorded.delete(row);
        shown.add(run.batch_id);
      }
    };
    /** What was committed is worked on further; what was not is somebody else's, or comes back. */
    const onFirst = async (shownFirst: EnrichedBatches): Promise<DueBatch[]> => {
      await noted;
      const result = await recordBatches(deps, shownFirst, (run) => watch.latest(run), "first");
      failed.push(...result.failed);
      const committed = new Map(
        result.recorded.flatMap(({ changes }) => changes.map((one) => [one.before, one.after])),
      );
      return shownFirst.batches.flatMap((batch) => {
        unrecorded.delete(batch.row);
        shown.add(batch.run.batch_id);
        const after = committed.get(batch.row);
        if (!after) return [];
        const row = { ...after, version: batch.row.version + 1 };
        unrecorded.add(row);
        return { ...batch, row };
      });
    };
    const isFirst = (run: RunRow): boolean => {
      const { state } = watch.latest(run);
      return !shown.has(run.batch_id) && state !== "paused" && state !== "cancelled";
    };
    const onReady = async (ready: EnrichedBatches): Promise<void> => {
      await record(ready);
      // What is settled makes room in the window; refilling it now keeps the upstream busy.
      if (ready.batches.some(({ run }) => run.dispatched < run.batches)) await refillWindow(deps);
      if (await wakeAfterClosing(deps, remainingMs)) hasClosed = true;
    };
    const mayContinue = (): Promise<boolean> => watch.mayContinue();
    const [first] = group.batches;
    const gather = async (ids: number, waitSeconds: number): Promise<readonly DueBatch[]> => {
      const more = await claimMore(ids, waitSeconds);
      const joins = (batch: ClaimedBatch): boolean => first !== undefined && fitsGroup(first, batch);
      // What is fetched in another way is worked on afterwards.
      groups.push(...groupBatches(more.filter((batch) => !joins(batch))));
      const joined = dueNow(more.filter(joins));
      members.push(...joined);
      watch.add(joined.map(({ run }) => run));
      return joined;
    };
    const how = { enrich: deps.enrich, mayContinue, remainingMs, gather, onSlow, onReady, onFirst, isFirst };
    await record(await enrichGroup(how, { ...group, batches: begun }));
  };

  await noteNotFinished(deps, claim.batches);
  try {
    // Groups of batches that are received on the way are added at the end.
    for (const group of groups) await enrichAndRecord(group);
  } catch (error) {
    await releaseLeases(deps, [...unrecorded]);
    // By their ids: a batch whose first results are recorded has another row by now.
    const open = new Set([...unrecorded].map(({ batch_id }) => batch_id));
    await noteNotRecorded(
      deps,
      held.filter(({ row }) => open.has(row.batch_id)),
    );
    throw error;
  }
  await finishRuns(deps, [...held.map(({ run }) => run), ...settledRuns], recorded);
  // Batches that this invocation held while it woke the others were left out.
  if (hasClosed) deps.closings.note();
  await wakeAfterClosing(deps, remainingMs);
  return { failed, leased };
};
