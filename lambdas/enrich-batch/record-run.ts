import type { BatchChange } from "../adapters/dynamodb/enrichment-status/outcome-recorder.ts";
import type { BatchRow } from "../core/batches/batch-row.ts";
import { batchMessageFor } from "../core/batches/message-for-row.ts";
import { recheckJitterMs } from "../core/batches/recheck-jitter.ts";
import { type ResumedBatch, resumeBatch } from "../core/batches/resume-batch.ts";
import { cancelItem, type ItemResult, settleItem } from "../core/batches/settle-item.ts";
import { isoTime } from "../core/clock.ts";
import { METRICS } from "../core/metric-names.ts";
import { productKey } from "../core/products/product-key.ts";
import { parkedForLater } from "../core/runs/run.ts";
import type { RunRow } from "../core/runs/run-row.ts";
import type { ClaimedWork } from "./claimed-work.ts";
import type { Deps } from "./deps.ts";
import type { EnrichOutcome, ProductOutcome } from "./enrich-port.ts";
import { closedFailuresOf, failuresOf } from "./failures-of.ts";
import { NOT_FOUND_MS } from "./known-products.ts";
import { parkBatch } from "./park-batch.ts";
import { runAfter } from "./run-after.ts";
import { isDue } from "./wanted-products.ts";

/** Shortest delay of a wake-up that continues a batch: time for the record that follows it to commit first. */
const MIN_DELAY_SECONDS = 2;

const spread = (result: ItemResult, run: RunRow, row: BatchRow): ItemResult => {
  if (result.kind !== "wait" || !result.later) return result;
  const byMs = recheckJitterMs(parkedForLater(run), row, result.asks_first ?? false);
  return { ...result, retry_at_ms: result.retry_at_ms + byMs };
};

/** What the account has paid for counts, even when the run was stopped meanwhile; only the rest is parked or cancelled. */
const settle = (
  run: RunRow,
  row: BatchRow,
  outcomes: ReadonlyMap<string, ProductOutcome>,
  dueMs: number,
  nowMs: number,
): ResumedBatch => {
  const items = row.items.map((item) => {
    const outcome = outcomes.get(productKey(row.marketplace, item.asin));
    return outcome && isDue(item, dueMs) ? settleItem(item, spread(outcome.result, run, row), nowMs) : item;
  });
  if (run.state === "paused") return parkBatch(row, items, nowMs);
  return resumeBatch(row, run.state === "cancelled" ? items.map(cancelItem) : items, nowMs);
};

/**
 * Records what came of batches of one run. Products first, then failures, then wake-ups, then the counts: a crash
 * between any two loses and doubles nothing.
 * @param run as last seen: what it was stopped for since its batches were claimed holds for them
 * @param dueMs items due then were worked on; the others only keep their time
 * @returns the batches that were committed
 */
export const recordRun = async (
  deps: Deps,
  run: RunRow,
  batches: readonly ClaimedWork[],
  { outcomes, blocked_by }: EnrichOutcome,
  dueMs: number,
): Promise<readonly BatchChange[]> => {
  const nowMs = deps.clock.now();
  const now = isoTime(nowMs);
  const results = batches.map((batch) => ({ batch, ...settle(run, batch.row, outcomes, dueMs, nowMs) }));
  const changes: BatchChange[] = results.map(({ batch, row }) => ({ before: batch.row, after: row }));
  const keys = new Set(batches.flatMap(({ row }) => row.items.map((item) => productKey(row.marketplace, item.asin))));
  await deps.products.saveMany(
    [...outcomes].flatMap(([key, { product }]) => (product && keys.has(key) ? [product] : [])),
  );
  await rememberNotFound(deps, outcomes, keys, nowMs);
  await deps.failures.saveMany(changes.flatMap(({ before, after }) => failuresOf(before, after, outcomes, now)));
  await deps.failures.close(
    run.batch_id,
    results.flatMap(({ batch, row }) =>
      closedFailuresOf(batch.row, row, batch.record.receiveCount > 1 || batch.row.resends > 0),
    ),
    now,
  );
  // By the way it came: not all of an express run goes by the express queue.
  await deps.batchQueue.send(
    deps.ownQueueUrl,
    results.flatMap(({ row, resendAfterMs }) =>
      resendAfterMs === null
        ? []
        : [{ message: batchMessageFor(row), delay_seconds: Math.max(MIN_DELAY_SECONDS, resendAfterMs / 1_000) }],
    ),
  );
  const committed = await deps.recorder.record({
    ...{ run, changes, now },
    ...runAfter(run, changes, { outcomes, blocked_by }, dueMs, nowMs),
  });
  count(deps, committed);
  return committed;
};

/** Who does not have a product today is not asked again today. */
const rememberNotFound = async (
  deps: Deps,
  outcomes: ReadonlyMap<string, ProductOutcome>,
  keys: ReadonlySet<string>,
  nowMs: number,
): Promise<void> => {
  const until = isoTime(nowMs + NOT_FOUND_MS);
  for (const [key, { not_found_at = [] }] of outcomes) {
    if (keys.has(key)) await deps.products.rememberNotFound(key, not_found_at, until);
  }
};

const settledIn = (row: BatchRow, state: "enriched" | "failed") => row.items.filter((item) => item.state === state);

const count = (deps: Deps, changes: readonly BatchChange[]): void => {
  for (const { before, after } of changes) {
    const failed = settledIn(after, "failed").filter(
      (item) => !settledIn(before, "failed").some(({ asin }) => asin === item.asin),
    );
    const enriched = settledIn(after, "enriched").length - settledIn(before, "enriched").length;
    const cached = settledIn(after, "enriched").filter((item) => item.from_cache).length;
    deps.meter.count(METRICS.ENRICHMENT_REQUESTS, enriched + failed.length);
    deps.meter.count(METRICS.ENRICHMENT_SUCCESSES, enriched);
    if (cached > 0) deps.meter.count(METRICS.CACHE_HITS, cached);
    deps.meter.count(METRICS.ENRICHMENT_FAILURES, failed.length);
    for (const item of failed) {
      deps.meter.count(METRICS.ENRICHMENT_FAILURES, 1, { error_code: item.error_code ?? "InternalError" });
    }
  }
};
