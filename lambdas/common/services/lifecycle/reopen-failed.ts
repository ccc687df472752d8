import type { BatchRowStore } from "../../adapters/dynamodb/enrichment-status/batch-row-store.ts";
import type { CatalogStore } from "../../adapters/dynamodb/enrichment-status/catalog-store.ts";
import type { OutcomeRecorder } from "../../adapters/dynamodb/enrichment-status/outcome-recorder.ts";
import type { RunStore } from "../../adapters/dynamodb/enrichment-status/run-store.ts";
import type { FailureStore } from "../../adapters/dynamodb/failures/failure-store.ts";
import type { BatchQueue } from "../../adapters/sqs/batch-queue.ts";
import { isUnleased } from "../../core/batches/batch-lease.ts";
import type { BatchRow } from "../../core/batches/batch-row.ts";
import { type FailedSelection, isSelected, reopenBatch } from "../../core/batches/reschedule/reopen-batch.ts";
import { type Clock, isoTime } from "../../core/clock.ts";
import { ConflictError, StaleWriteError } from "../../core/errors.ts";
import type { ListPosition } from "../../core/list-page.ts";
import { productKey } from "../../core/products/product-key.ts";
import { productsInFlight } from "../../core/runs/run.ts";
import type { RunRow } from "../../core/runs/run-row.ts";
import { permitted } from "../../core/runs/run-transitions.ts";
import { type FailedPage, failedPages } from "./failed-pages.ts";
import { REQUEST_BUDGET_MS } from "./request-budget.ts";
import { type QueueUrls, sendAgain } from "./send-again.ts";

/** Products that one request reopens at most, so that it is answered in time. */
const MAX_PRODUCTS = 2_000;
/** Batches changed at once. */
const BATCHES_AT_ONCE = 50;
const TRIES = 4;

export interface ReopenBatchesDeps {
  readonly catalogs: Pick<CatalogStore, "getCatalog">;
  readonly runs: Pick<RunStore, "getRun">;
  readonly batches: Pick<BatchRowStore, "getMany">;
  readonly failures: Pick<FailureStore, "markRetrying">;
  readonly recorder: Pick<OutcomeRecorder, "record">;
  readonly batchQueue: Pick<BatchQueue, "send">;
  readonly queues: QueueUrls;
  /** What the first source serves; reopened batches are resent at this pace. */
  readonly productsPerSecond: number;
  readonly clock: Clock;
}

export interface ReopenFailedDeps extends ReopenBatchesDeps {
  readonly failures: Pick<FailureStore, "scanOpen" | "scanCode" | "getMany" | "markRetrying">;
}

/** What one request reopened. */
export interface ReopenedReport {
  readonly products: number;
  readonly batches: number;
  /** Products left alone, because a worker holds their batch at this moment. */
  readonly inProgress: number;
  /** Continues where this request stopped; absent when it has seen all failures. */
  readonly next?: ListPosition;
}

/**
 * Reopens failed products inside their run: failed → pending with no attempts, the batch with a new generation, the run
 * open again, in the same transactions that count outcomes. Batches are resent at the pace of the first source, after
 * what the run has in flight already; the rest waits in the table. Safe to repeat: what is pending already is not touched.
 * @param start `next` of an earlier request with the same run and selection; absent: from the first failure on
 * @throws ConflictError when the run was cancelled meanwhile, or another one of its catalog began
 */
export const reopenFailed = async (
  deps: ReopenFailedDeps,
  run: RunRow,
  selection: FailedSelection,
  start?: ListPosition,
): Promise<ReopenedReport> => {
  const startMs = deps.clock.now();
  const paceFromMs = paceFrom(deps, run);
  const done = { products: 0, batches: 0, inProgress: 0 };
  const isEnough = (): boolean => done.products >= MAX_PRODUCTS || deps.clock.now() - startMs > REQUEST_BUDGET_MS;
  const stoppedAt = (next: ListPosition | undefined): ReopenedReport => (next === undefined ? done : { ...done, next });
  // A batch has failures on many pages, and all of them are reopened, or found to be held, when it is first met.
  const seen = new Set<string>();
  for await (const { places, next } of failedPages(deps.failures, run, selection, start)) {
    for (let from = 0; from < places.length; ) {
      const { ids, end } = nextPart(places, from, seen);
      if (ids.length > 0) await reopenPart(deps, run, ids, selection, done, paceFromMs);
      if (isEnough()) return stoppedAt(end < places.length ? places[end - 1]?.position : next);
      from = end;
    }
    if (isEnough()) return stoppedAt(next);
  }
  return done;
};

/** What an earlier request reopened is still ahead: without this, two requests would go at twice the pace. */
const paceFrom = ({ clock, productsPerSecond }: ReopenBatchesDeps, run: RunRow): number =>
  clock.now() + (productsInFlight(run) / productsPerSecond) * 1_000;

/**
 * Reopens the failed products of a selection in batches whose ids are known, as `reopenFailed` does.
 * @throws ConflictError when the run was cancelled meanwhile, or another one of its catalog began
 */
export const reopenBatches = async (
  deps: ReopenBatchesDeps,
  run: RunRow,
  batchIds: readonly string[],
  selection: FailedSelection,
): Promise<void> => {
  const done = { products: 0, batches: 0, inProgress: 0 };
  const paceFromMs = paceFrom(deps, run);
  for (let from = 0; from < batchIds.length; from += BATCHES_AT_ONCE) {
    await reopenPart(deps, run, batchIds.slice(from, from + BATCHES_AT_ONCE), selection, done, paceFromMs);
  }
};

/** The next batches that were not seen yet, and the first place from `from` on that they do not cover. */
const nextPart = (
  places: FailedPage["places"],
  from: number,
  seen: Set<string>,
): { readonly ids: readonly string[]; readonly end: number } => {
  const ids: string[] = [];
  let end = from;
  for (const { batchId } of places.slice(from)) {
    if (!seen.has(batchId)) {
      if (ids.length === BATCHES_AT_ONCE) break;
      ids.push(batchId);
      seen.add(batchId);
    }
    end += 1;
  }
  return { ids, end };
};

/** A run that ended stays closed once another one of its catalog began, so no repeat of the request could reopen it. */
const requireNewest = async ({ catalogs }: Pick<ReopenBatchesDeps, "catalogs">, run: RunRow): Promise<void> => {
  const { tracking_id } = await catalogs.getCatalog(run.catalog_id, run.owner_id);
  if (tracking_id === run.batch_id) return;
  throw new ConflictError(
    "Another run of this catalog began, which has all of its products; retry those that fail in it.",
    "run_active",
  );
};

const failedOf = (row: BatchRow, selection: FailedSelection) => row.items.filter((item) => isSelected(item, selection));

const reopenPart = async (
  deps: ReopenBatchesDeps,
  run: RunRow,
  batchIds: readonly string[],
  selection: FailedSelection,
  done: { products: number; batches: number; inProgress: number },
  paceFromMs: number,
): Promise<void> => {
  for (let tries = 1; ; tries += 1) {
    const current = permitted("retry", await deps.runs.getRun(run.catalog_id, run.batch_id));
    const nowMs = deps.clock.now();
    const now = isoTime(nowMs);
    const rows = (await deps.batches.getMany(run.catalog_id, batchIds)).filter(
      (row) => failedOf(row, selection).length > 0,
    );
    const free = rows.filter((row) => isUnleased(row, now));
    let ahead = done.products;
    const reopened = free.map((before) => {
      // Those before it in the line are served first.
      const atMs = Math.max(nowMs, paceFromMs + (ahead / deps.productsPerSecond) * 1_000);
      ahead += failedOf(before, selection).length;
      return reopenBatch(before, selection, Math.round(atMs), nowMs);
    });
    let committed: readonly { readonly before: BatchRow }[];
    try {
      committed = await deps.recorder.record({
        run: current,
        changes: reopened,
        blocked_by: current.blocked_by,
        now,
        reopen: true,
      });
    } catch (error) {
      if (!(error instanceof StaleWriteError)) throw error;
      if (tries < TRIES) continue;
      await requireNewest(deps, run);
      throw error;
    }
    const won = new Set(committed.map(({ before }) => before.batch_id));
    const resent = reopened.filter(({ before }) => won.has(before.batch_id));
    // Before the batch messages: a product that fails again at once must not be noted as being tried after that.
    await deps.failures.markRetrying(
      run.batch_id,
      resent.flatMap(({ before }) =>
        failedOf(before, selection).map(({ asin }) => productKey(before.marketplace, asin)),
      ),
      now,
    );
    await sendAgain(
      deps,
      run,
      resent.flatMap(({ after, resendAfterMs }) =>
        resendAfterMs === null ? [] : [{ row: after, delaySeconds: resendAfterMs / 1_000 }],
      ),
    );
    done.batches += resent.length;
    done.products += resent.reduce((sum, { before }) => sum + failedOf(before, selection).length, 0);
    const held = rows.filter((row) => !won.has(row.batch_id));
    done.inProgress += held.reduce((sum, row) => sum + failedOf(row, selection).length, 0);
    return;
  }
};
