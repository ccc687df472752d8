import type { RunOutcome } from "../../common/adapters/dynamodb/enrichment-status/outcome-recorder.ts";
import { writeAll } from "../../common/adapters/dynamodb/parallel-writes.ts";
import { batchMessageFor } from "../../common/core/batches/message-for-row.ts";
import type { BatchOutcome } from "../../common/core/batches/settle/batch-outcome.ts";
import { EVENT_SYSTEM } from "../../common/core/catalogs/system-owner.ts";
import { isoTime } from "../../common/core/clock.ts";
import { productKey } from "../../common/core/products/product-key.ts";
import type { RunRow } from "../../common/core/runs/run-row.ts";
import { OWN_CODES } from "../../common/core/sources/failure-codes.ts";
import { NOT_FOUND_MS } from "../../common/services/enrich/not-found-memory.ts";
import type { ProductOutcome, ProductOutcomes } from "../../common/services/enrich/product-outcome.ts";
import { countOutcomes, endedProducts } from "../../common/services/lifecycle/count-outcomes.ts";
import type { ClaimedBatch, DueBatch } from "../claim/claimed-batch.ts";
import type { Deps } from "../deps.ts";
import { closedFailureKeys, failureRows } from "./failure-rows.ts";
import { keepBatch } from "./keep-batch.ts";
import { runProgress } from "./run-progress.ts";
import { settleBatch } from "./settle-batch.ts";

/** Shortest delay of a message that continues a batch: time for the record that follows it to commit first. */
const MIN_DELAY_SECONDS = 2;

/** `last`: the invocation is through with the batches. `first`: it works on them further, and what is final shows now. */
export type RecordKind = "first" | "last";

/**
 * Records what came of batches of one run. Products first, then failures, then messages, then the counts: a crash
 * between any two loses and doubles nothing. A product that the table refuses for good fails alone, as `UNSTORABLE`.
 * @param run as last seen: what it was stopped for since its batches were claimed holds for them
 * @returns the batches that were committed
 */
export const recordRun = async (
  deps: Deps,
  run: RunRow,
  batches: readonly DueBatch[],
  enriched: ProductOutcomes,
  kind: RecordKind,
): Promise<RunOutcome["changes"]> => {
  const nowMs = deps.clock.now();
  const now = isoTime(nowMs);
  const outcomes = await saveProducts(deps, batches, enriched, nowMs);
  const settled = batches.map((batch) => ({
    batch,
    outcome:
      kind === "first"
        ? keepBatch(batch.row, outcomes.outcomes, batch.dueMs, nowMs)
        : settleBatch(run, batch.row, outcomes.outcomes, batch.dueMs, nowMs),
  }));
  const changes = settled.map(({ batch, outcome }) => begunAt(outcome, batch.dueMs));
  const beganMs = Math.min(...batches.map(({ dueMs }) => dueMs));
  // What came due later than another's began was worked on with it.
  const lastDueMs = Math.max(...batches.map(({ dueMs }) => dueMs));
  await deps.failures.saveMany(changes.flatMap((change) => failureRows(change, outcomes.outcomes, now, deps.licences)));
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
    ...runProgress(run, changes, outcomes, lastDueMs, nowMs),
  });
  countOutcomes(deps.meter, committed, deps.clock.now() - beganMs);
  if (deps.productEvents === "all" || run.owner_id === EVENT_SYSTEM) {
    deps.usage.count({ used_event: committed.reduce((sum, change) => sum + endedProducts(change), 0) });
  }
  return committed;
};

/** Notes when the work began, from which events count how long it took. */
const begunAt = (outcome: BatchOutcome, dueMs: number): BatchOutcome => ({
  ...outcome,
  after: { ...outcome.after, work_began_at: isoTime(dueMs) },
});

/**
 * Saves the products of these batches, and renews their time in the daily refresh where they came from the table. A source that does not have one today is not asked for it again today.
 * @returns the outcomes, those of products that could not be stored as failures
 */
const saveProducts = async (
  deps: Pick<Deps, "products" | "log">,
  batches: readonly ClaimedBatch[],
  enriched: ProductOutcomes,
  nowMs: number,
): Promise<ProductOutcomes> => {
  const { outcomes } = enriched;
  // Those that are settled were saved when they were recorded.
  const keys = new Set(
    batches.flatMap(({ row }) =>
      row.items.filter(({ state }) => state === "pending").map(({ asin }) => productKey(row.marketplace, asin)),
    ),
  );
  const own = [...outcomes].filter(([key]) => keys.has(key));
  const refused = await deps.products.saveMany(own.flatMap(([, { product }]) => product ?? []));
  const until = isoTime(nowMs + NOT_FOUND_MS);
  for (const [key, { notFoundAt = [] }] of own) await deps.products.rememberNotFound(key, notFoundAt, until);
  await writeAll(own, async ([key, { keptUntil }]) => {
    if (keptUntil !== undefined) await deps.products.keepFresh(key, keptUntil);
  });
  if (refused.size === 0) return enriched;
  for (const [product_key, reason] of refused) deps.log.error("a product cannot be stored", { product_key, reason });
  const failed = [...refused].map(([key, reason]) => [key, unstorable(outcomes.get(key), reason)] as const);
  return { ...enriched, outcomes: new Map([...outcomes, ...failed]) };
};

/** What comes of a product that the table refuses: trying again would meet the same refusal. */
const unstorable = (outcome: ProductOutcome | undefined, reason: string): ProductOutcome => ({
  result: { kind: "failed", code: OWN_CODES.UNSTORABLE },
  notFoundAt: outcome?.notFoundAt ?? [],
  failure: {
    source: outcome?.product?.product.provenance.title?.source ?? null,
    rawCode: OWN_CODES.UNSTORABLE,
    message: `the product was found, but the table does not take it: ${reason}`,
  },
});
