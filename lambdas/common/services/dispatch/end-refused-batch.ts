import type { BatchRowStore } from "../../adapters/dynamodb/enrichment-status/batch-row-store.ts";
import type { OutcomeRecorder } from "../../adapters/dynamodb/enrichment-status/outcome-recorder.ts";
import type { FailureStore } from "../../adapters/dynamodb/failures/failure-store.ts";
import type { BatchRow } from "../../core/batches/batch-row.ts";
import { endUnstorable, storableBatch } from "../../core/batches/unstorable-batch.ts";
import { type Clock, isoTime } from "../../core/clock.ts";
import { OF_DISPATCH } from "../../core/metric-names.ts";
import { productKey } from "../../core/products/product-key.ts";
import type { RunRow } from "../../core/runs/run-row.ts";
import { OWN_CODES } from "../../core/sources/failure-codes.ts";
import type { Log } from "../../platform/logger.ts";
import type { Meter } from "../../platform/metrics.ts";
import { countOutcomes } from "../lifecycle/count-outcomes.ts";

export interface EndRefusedDeps {
  readonly batches: Pick<BatchRowStore, "create" | "get">;
  readonly recorder: Pick<OutcomeRecorder, "record">;
  readonly failures: Pick<FailureStore, "saveMany">;
  readonly clock: Clock;
  /** Of its own: it is written out at once, since not every function that dispatches counts anything else. */
  readonly meter: Pick<Meter, "count" | "duration" | "flush">;
  readonly log: Pick<Log, "error">;
}

/**
 * Ends a batch whose row the table refuses for good, so that its run goes on: a row that the table takes, then failures, then
 * the counts. A crash between any two loses and doubles nothing: what was ended before is left alone. Metrics
 * come after the commit, so a crash before them leaves these products out of them.
 * @param reason the table's words
 * @throws Error when the table refuses even that row
 */
export const endRefusedBatch = async (
  { batches, recorder, failures, clock, meter, log }: EndRefusedDeps,
  run: RunRow,
  refused: BatchRow,
  reason: string,
): Promise<void> => {
  const row = storableBatch(refused);
  const created = await batches.create(row);
  if (created.kind === "refused")
    throw new Error(`batch ${row.batch_id} cannot be stored in any form: ${created.reason}`);
  const before = created.kind === "created" ? row : await batches.get(row.catalog_id, row.batch_id);
  if (!before || before.version > 0) return;
  const { catalog_id, tracking_id, batch_id, marketplace } = before;
  log.error("a batch cannot be stored", { catalog_id, tracking_id, batch_id, reason });
  const nowMs = clock.now();
  const now = isoTime(nowMs);
  const change = endUnstorable(before, nowMs);
  await failures.saveMany(
    before.items.map(({ asin, attempts }) => ({
      ...{ tracking_id, product_key: productKey(marketplace, asin), catalog_id, batch_id },
      ...{ error_code: OWN_CODES.UNSTORABLE, source: null, raw_code: OWN_CODES.UNSTORABLE },
      ...{ message: `the table does not take the batch of this product: ${reason}`, attempts, failed_at: now },
    })),
  );
  const committed = await recorder.record({ run, changes: [change], blocked_by: run.blocked_by, now });
  countOutcomes(meter, committed, undefined, OF_DISPATCH);
  meter.flush();
};
