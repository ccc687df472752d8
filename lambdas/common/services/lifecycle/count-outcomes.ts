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
 * @param ofService names the service that all of it is counted under. @default the function's own
 */
export const countOutcomes = (
  meter: Pick<Meter, "count" | "duration">,
  changes: readonly BatchChange[],
  durationMs: number | undefined,
  ofService: Readonly<Record<string, string>> = {},
): void => {
  for (const change of changes) {
    const enriched = endedIn(change, "enriched");
    const failed = endedIn(change, "failed");
    const cached = enriched.filter((item) => item.from_cache).length;
    const region = findMarketplace(change.after.marketplace)?.group ?? "unknown";
    const requests = enriched.length + failed.length;
    meter.count(METRICS.ENRICHMENT_REQUESTS, requests, ofService);
    meter.count(METRICS.ENRICHMENT_SUCCESSES, enriched.length, ofService);
    meter.count(METRICS.ENRICHMENT_FAILURES, failed.length, ofService);
    if (cached > 0) meter.count(METRICS.CACHE_HITS, cached, ofService);
    for (const item of failed) {
      meter.count(METRICS.ENRICHMENT_FAILURES, 1, {
        error_code: boundedCode(item.error_code ?? OWN_CODES.INTERNAL),
        ...ofService,
      });
    }
    if (requests === 0) continue;
    meter.count(METRICS.ENRICHMENT_REQUESTS, requests, { region, ...ofService });
    meter.count(METRICS.ENRICHMENT_SUCCESSES, enriched.length, { region, ...ofService });
    meter.count(METRICS.ENRICHMENT_FAILURES, failed.length, { region, ...ofService });
    for (let product = 0; product < requests && durationMs !== undefined; product += 1) {
      meter.duration(METRICS.PROCESSING_DURATION, durationMs, { region, ...ofService });
    }
  }
};
