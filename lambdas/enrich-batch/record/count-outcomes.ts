import type { BatchRow } from "../../common/core/batches/batch-row.ts";
import type { BatchChange } from "../../common/core/batches/settle/batch-outcome.ts";
import { METRICS } from "../../common/core/metric-names.ts";
import type { Meter } from "../../common/platform/metrics.ts";

const settledIn = (row: BatchRow, state: "enriched" | "failed") => row.items.filter((item) => item.state === state);

/** Counts the products that ended by these changes. */
export const countOutcomes = (meter: Pick<Meter, "count">, changes: readonly BatchChange[]): void => {
  for (const { before, after } of changes) {
    const failed = settledIn(after, "failed").filter(
      (item) => !settledIn(before, "failed").some(({ asin }) => asin === item.asin),
    );
    const enriched = settledIn(after, "enriched").length - settledIn(before, "enriched").length;
    const cached = settledIn(after, "enriched").filter((item) => item.from_cache).length;
    meter.count(METRICS.ENRICHMENT_REQUESTS, enriched + failed.length);
    meter.count(METRICS.ENRICHMENT_SUCCESSES, enriched);
    if (cached > 0) meter.count(METRICS.CACHE_HITS, cached);
    meter.count(METRICS.ENRICHMENT_FAILURES, failed.length);
    for (const item of failed) {
      meter.count(METRICS.ENRICHMENT_FAILURES, 1, { error_code: item.error_code ?? "InternalError" });
    }
  }
};
