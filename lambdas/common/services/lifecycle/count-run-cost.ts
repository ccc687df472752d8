import type { RunStore } from "../../adapters/dynamodb/enrichment-status/run-store.ts";
import { costOfRun } from "../../core/cost/cost-of-run.ts";
import { errorWords } from "../../core/error-words.ts";
import { METRICS } from "../../core/metric-names.ts";
import type { RunRow } from "../../core/runs/run-row.ts";
import type { Log } from "../../platform/logger.ts";
import type { Meter } from "../../platform/metrics.ts";

/** What counting the cost of a run works with. */
export interface RunCostDeps {
  readonly runs: Pick<RunStore, "getRun">;
  readonly meter: Pick<Meter, "gauge">;
  readonly log: Pick<Log, "warn">;
  /** AWS region, by which it is priced. */
  readonly region: string;
}

/**
 * Gauges what a run has cost, once it was closed: in all, and for 1,000 products. One that is reopened by a retry ends again,
 * with what it has cost by then. A cost that cannot be read fails nothing.
 */
export const countRunCost = async (deps: RunCostDeps, run: Pick<RunRow, "catalog_id" | "batch_id">): Promise<void> => {
  try {
    const ended = await deps.runs.getRun(run.catalog_id, run.batch_id);
    const cost = ended && costOfRun(ended, deps.region);
    if (!cost) return;
    deps.meter.gauge(METRICS.RUN_COST, Number(cost.usd));
    if (cost.usd_per_1000_products === null) return;
    deps.meter.gauge(METRICS.COST_PER_THOUSAND_PRODUCTS, Number(cost.usd_per_1000_products));
  } catch (error) {
    const { catalog_id, batch_id } = run;
    deps.log.warn("the cost of a run was not counted", { catalog_id, tracking_id: batch_id, error: errorWords(error) });
  }
};
