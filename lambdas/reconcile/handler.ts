import type { BatchRow } from "../common/core/batches/batch-row.ts";
import { DUE_SHARDS } from "../common/core/batches/reschedule/due-shard.ts";
import { isoTime } from "../common/core/clock.ts";
import { METRICS } from "../common/core/metric-names.ts";
import { productKey } from "../common/core/products/product-key.ts";
import { judgeOverdue } from "../common/core/runs/overdue-batch.ts";
import type { RunRow } from "../common/core/runs/run-row.ts";
import { servableProducts } from "../common/core/runs/servable-products.ts";
import { countOutcomes } from "../common/services/lifecycle/count-outcomes.ts";
import { countRunCost } from "../common/services/lifecycle/count-run-cost.ts";
import { sendAgain } from "../common/services/lifecycle/send-again.ts";
import { cancelledFailures } from "../common/services/lifecycle/settle-cancelled.ts";
import type { Deps } from "./deps.ts";
import { Faults, mayPass } from "./faults.ts";
import { gaugeQueues } from "./gauge-queues.ts";
import { type OrphansReport, removeOrphans } from "./orphaned-rows.ts";
import { reconcileUploads, type UploadsReport } from "./overdue-uploads.ts";
import { removeDeleted, type StoppedReport, settleStopped } from "./stopped-runs.ts";
import { type TrialsReport, takeTrialsFurther } from "./trials.ts";

/** Overdue batches handled per shard and minute; the rest follow in the next. */
const PER_SHARD = 100;

/** Longest that one pass wakes what waited for a source that is back; the next one continues. */
const WAKING_MS = 20_000;

/** Wait before a recheck of a batch whose run cannot be read: a person must fix that first. */
const UNREADABLE_RUN_MS = 15 * 60_000;

/** What one pass did, for the log. */
export interface ReconcileReport extends UploadsReport, StoppedReport, OrphansReport, TrialsReport {
  resent: number;
  settled: number;
  postponed: number;
  closed: number;
  woken: number;
}

/**
 * Runs every minute: wakes batches whose source is back, resends those whose time has come or whose worker died, gives up those that made no progress
 * in five resends, closes runs whose last product is settled and says of others that they wait. Does the same for
 * uploads, and ends what was cancelled or deleted. What fails does not stop the rest. Safe to run at any time and by many at once.
 * @throws Error at the end when anything failed
 */
export const createHandler = (deps: Deps) => async (): Promise<ReconcileReport> => {
  const report: ReconcileReport = {
    resent: 0,
    settled: 0,
    postponed: 0,
    closed: 0,
    woken: 0,
    cancelled: 0,
    removed: 0,
    uploads_resent: 0,
    uploads_given_up: 0,
    orphans_removed: 0,
    tried: 0,
  };
  const faults = new Faults(deps);
  await gaugeQueues(deps);
  await faults.step("batches that waited for a source cannot be woken", {}, async () => {
    report.woken += await deps.wakeHeld(deps.clock.now() + WAKING_MS);
  });
  const runs = new Map<string, RunRow | undefined>();
  for (let shard = 0; shard < DUE_SHARDS; shard += 1) {
    await faults.step("overdue batches cannot be listed", { shard }, () =>
      reconcileShard(deps, shard, runs, faults, report),
    );
  }
  await faults.step("open runs cannot be listed", {}, () => reconcileRuns(deps, faults, report));
  await faults.step("trials cannot be listed", {}, () => takeTrialsFurther(deps, faults, report));
  await faults.step("deleted catalogs cannot be listed", {}, () => removeDeleted(deps, faults, report));
  await faults.step("overdue uploads cannot be listed", {}, () => reconcileUploads(deps, faults, report));
  await faults.step("orphaned rows cannot be removed", {}, () => removeOrphans(deps, report));
  if (Object.entries(report).some(([what, count]) => what !== "postponed" && count > 0))
    deps.log.info("reconciled", { ...report });
  deps.meter.flush();
  faults.report();
  return report;
};

const reconcileShard = async (
  deps: Deps,
  shard: number,
  runs: Map<string, RunRow | undefined>,
  faults: Faults,
  report: ReconcileReport,
): Promise<void> => {
  const due = await deps.batches.listDue(shard, isoTime(deps.clock.now()), PER_SHARD);
  const fieldsOf = ({ catalog_id, batch_id }: (typeof due)[number]) => ({ catalog_id, batch_id });
  await faults.each("overdue batch cannot be handled", due, fieldsOf, async ({ catalog_id, batch_id }) => {
    const row = await deps.batches.get(catalog_id, batch_id);
    if (!row) return;
    const run = runs.has(row.tracking_id) ? runs.get(row.tracking_id) : await readRun(deps, row);
    runs.set(row.tracking_id, run);
    if (run) await reconcileBatch(deps, row, run, report);
    // Written by a sender that was slower than the removal of its catalog.
    else await deps.batches.remove(row);
  });
};

/** Reads the run of a batch. Where that will never go well, the batch makes room for others in the list of what is due. */
const readRun = async (deps: Deps, row: BatchRow): Promise<RunRow | undefined> => {
  try {
    return await deps.runs.getRun(row.catalog_id, row.tracking_id);
  } catch (error) {
    const nowMs = deps.clock.now();
    if (!mayPass(error) && !isHeld(row, nowMs)) {
      await deps.batches.replace(row, { ...row, due_at: isoTime(nowMs + UNREADABLE_RUN_MS) });
    }
    throw error;
  }
};

const isHeld = (row: BatchRow, nowMs: number): boolean =>
  row.lease_until !== undefined && row.lease_until > isoTime(nowMs);

const reconcileRuns = async (deps: Deps, faults: Faults, report: ReconcileReport): Promise<void> => {
  const open = await deps.runs.listOpenRuns(({ error, ...row }) =>
    faults.note("an open run cannot be read", row, error),
  );
  deps.meter.gauge(METRICS.SERVABLE_PRODUCTS, servableProducts(open));
  const fieldsOf = ({ catalog_id, batch_id }: RunRow) => ({ catalog_id, tracking_id: batch_id });
  await faults.each("an open run cannot be closed", open, fieldsOf, async (run) => {
    const now = isoTime(deps.clock.now());
    if (await deps.runs.closeIfDone(run, now)) {
      report.closed += 1;
      await countRunCost(deps, run);
    } else await deps.runs.waitIfAllParked(run, now);
  });
  await settleStopped(deps, open, faults, report);
};

const reconcileBatch = async (deps: Deps, row: BatchRow, run: RunRow, report: ReconcileReport): Promise<void> => {
  const nowMs = deps.clock.now();
  const action = judgeOverdue(row, run, nowMs);
  switch (action.kind) {
    case "postpone":
    case "forget":
      // A holder records on the version that it claimed: any write of ours would cost it its work.
      if (isHeld(row, nowMs)) {
        report.postponed += 1;
        return;
      }
      await deps.batches.replace(row, action.row);
      report.postponed += 1;
      return;
    case "resend": {
      // The row first: if we die before the message goes, the row is overdue again later.
      if (!(await deps.batches.replace(row, action.row))) return;
      await sendAgain(deps, run, [{ row: action.row, delaySeconds: 0 }]);
      if (action.stuck) deps.meter.count(METRICS.STUCK_WORK, 1);
      report.resent += 1;
      return;
    }
    case "settle": {
      const now = isoTime(nowMs);
      await deps.failures.saveMany(
        action.row.items.flatMap((item, index) =>
          item.state !== "failed" || row.items[index]?.state === "failed"
            ? []
            : [
                {
                  tracking_id: row.tracking_id,
                  product_key: productKey(row.marketplace, item.asin),
                  catalog_id: row.catalog_id,
                  batch_id: row.batch_id,
                  error_code: item.error_code ?? "",
                  source: null,
                  raw_code: item.error_code ?? "",
                  message:
                    "the batch made no progress in five attempts; look into the dead-letter queue, then retry it",
                  attempts: item.attempts,
                  failed_at: now,
                },
              ],
        ),
      );
      if (run.state === "cancelled") await deps.failures.close(row.tracking_id, cancelledFailures([row]), now);
      const committed = await deps.recorder.record({
        run,
        changes: [{ before: row, after: action.row }],
        blocked_by: run.blocked_by,
        now,
      });
      if (run.state !== "cancelled") {
        deps.meter.count(METRICS.STUCK_WORK, 1);
        countOutcomes(deps.meter, committed, undefined);
      }
      report.settled += 1;
    }
  }
};
