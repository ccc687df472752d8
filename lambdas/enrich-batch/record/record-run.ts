import type { RunOutcome } from "../../common/adapters/dynamodb/enrichment-status/outcome-recorder.ts";
import { batchMessageFor } from "../../common/core/batches/message-for-row.ts";
import { isoTime } from "../../common/core/clock.ts";
import { productKey } from "../../common/core/products/product-key.ts";
import type { RunRow } from "../../common/core/runs/run-row.ts";
import type { ClaimedBatch } from "../claim/claimed-batch.ts";
import type { Deps } from "../deps.ts";
import { NOT_FOUND_MS } from "../enrich/not-found-memory.ts";
import type { ProductOutcomes } from "../enrich/product-outcome.ts";
import { countOutcomes } from "./count-outcomes.ts";
import { closedFailureKeys, failureRows } from "./failure-rows.ts";
import { runProgress } from "./run-progress.ts";
import { settleBatch } from "./settle-batch.ts";

/** Shortest delay of a message that continues a batch: time for the record that follows it to commit first. */
const MIN_DELAY_SECONDS = 2;

/**
 * Records what came of batches of one run. Products first, then failures, then messages, then the counts: a crash
 * between any two loses and doubles nothing.
 * @param run as last seen: what it was stopped for since its batches were claimed holds for them
 * @param dueMs items due then were worked on; the others only keep their time
 * @returns the batches that were committed
 */
export const recordRun = async (
  deps: Deps,
  run: RunRow,
  batches: readonly ClaimedBatch[],
  outcomes: ProductOutcomes,
  dueMs: number,
): Promise<RunOutcome["changes"]> => {
  const nowMs = deps.clock.now();
  const now = isoTime(nowMs);
  const settled = batches.map((batch) => ({
    batch,
    outcome: settleBatch(run, batch.row, outcomes.outcomes, dueMs, nowMs),
  }));
  const changes = settled.map(({ outcome }) => outcome);
  await saveProducts(deps, batches, outcomes, nowMs);
  await deps.failures.saveMany(changes.flatMap((change) => failureRows(change, outcomes.outcomes, now)));
  await deps.failures.close(
    run.batch_id,
    settled.flatMap(({ batch: { record, row }, outcome }) =>
      closedFailureKeys(outcome, record.receiveCount > 1 || row.resends > 0),
    ),
    now,
  );
  // By the way it came: not all of an express run goes by the express queue.
  await deps.batchQueue.send(
    deps.ownQueueUrl,
    changes.flatMap(({ after, resendAfterMs }) =>
      resendAfterMs === null
        ? []
        : [{ message: batchMessageFor(after), delaySeconds: Math.max(MIN_DELAY_SECONDS, resendAfterMs / 1_000) }],
    ),
  );
  const committed = await deps.recorder.record({
    ...{ run, changes, now },
    ...runProgress(run, changes, outcomes, dueMs, nowMs),
  });
  countOutcomes(deps.meter, committed, deps.clock.now() - dueMs);
  return committed;
};

/** Saves the products of these batches. A source that does not have one today is not asked for it again today. */
const saveProducts = async (
  deps: Pick<Deps, "products">,
  batches: readonly ClaimedBatch[],
  { outcomes }: ProductOutcomes,
  nowMs: number,
): Promise<void> => {
  const keys = new Set(batches.flatMap(({ row }) => row.items.map((item) => productKey(row.marketplace, item.asin))));
  const own = [...outcomes].filter(([key]) => keys.has(key));
  await deps.products.saveMany(own.flatMap(([, { product }]) => product ?? []));
  const until = isoTime(nowMs + NOT_FOUND_MS);
  for (const [key, { notFoundAt = [] }] of own) await deps.products.rememberNotFound(key, notFoundAt, until);
};
