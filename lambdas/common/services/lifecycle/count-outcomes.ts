import type { BatchRow } from "../../core/batches/batch-row.ts";
import type { BatchChange } from "../../core/batches/settle/batch-outcome.ts";
import { METRICS } from "../../core/metric-names.ts";
import { findMarketplace } from "../../core/products/marketplaces.ts";
import { OWN_CODES } from "../../core/sources/failure-codes.ts";
import { boundedCode } from "../../core/sources/known/known-codes.ts";
import type { Meter } from "../../platform/metrics.ts";

type Item = BatchRow["items"][number];

/** The items of a change that ended by it. */
const endedIn = ({ before, after }: BatchChange, state: "enriched" | "failed"): Item[] =>
  after.items.filter((item, index) => item.state === state && before.items[index]?.state !== state);

/** How many products ended by a change. */
export const endedProducts = (change: BatchChange): number =>
  endedIn(change, "enriched").length + endedIn(change, "failed").length;

/**
 * Counts the products that ended by these changes, in all and by region, and how long each took.
 * @param durationMs from the beginning of the work on them to their record; undefined: nobody worked on them
 */
export const countOutcomes = (
  meter: Pick<Meter, "count" | "duration">,
  changes: readonly BatchChange[],
  durationMs: number | undefined,
): void => {
  for (const change of changes) {
    const enriched = endedIn(change, "enriched");
    const failed = endedIn(change, "failed");
    const cached = enriched.filter((item) => item.from_cache).length;
    const region = findMarketplace(change.after.marketplace)?.group ?? "unknown";
    const requests = enriched.length + failed.length;
    meter.count(METRICS.ENRICHMENT_REQUESTS, requests);
    meter.count(METRICS.ENRICHMENT_SUCCESSES, enriched.length);
    meter.count(METRICS.ENRICHMENT_FAILURES, failed.length);
    if (cached > 0) meter.count(METRICS.CACHE_HITS, cached);
    for (const item of failed) {
      meter.count(METRICS.ENRICHMENT_FAILURES, 1, { error_code: boundedCode(item.error_code ?? OWN_CODES.INTERNAL) });
    }
    if (requests === 0) continue;
    meter.count(METRICS.ENRICHMENT_REQUESTS, requests, { region });
    meter.count(METRICS.ENRICHMENT_SUCCESSES, enriched.length, { region });
    meter.count(METRICS.ENRICHMENT_FAILURES, failed.length, { region });
    for (let product = 0; product < requests && durationMs !== undefined; product += 1) {
      meter.duration(METRICS.PROCESSING_DURATION, durationMs, { region });
    }
  }
};
