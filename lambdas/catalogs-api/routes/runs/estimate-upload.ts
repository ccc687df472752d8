import type { Clock } from "../../../common/core/clock.ts";
import { type Estimate, estimateRun } from "../../../common/core/estimates/estimate.ts";
import type { Product } from "../../../common/core/products/product.ts";
import { isReusable } from "../../../common/core/products/quality/freshness.ts";
import { type SourceStatus, toEstimateSource } from "../../../common/services/source-statuses.ts";

/**
 * Estimates a run. Fresh products are counted on the keys given and projected onto their shop, so that an upload of
 * 20,000 rows does not read 20,000 products.
 * @param sampleKeys product keys, all of them or evenly thinned out; `force` runs pass none
 */
export const estimateUpload = async (
  deps: {
    readonly products: { getMany(keys: readonly string[]): Promise<ReadonlyMap<string, Product>> };
    readonly clock: Clock;
  },
  run: {
    readonly segments: readonly { readonly marketplace: string; readonly products: number }[];
    readonly sampleKeys: readonly string[];
    readonly sources: readonly SourceStatus[];
    readonly batches: number;
    readonly include_variations: boolean;
  },
): Promise<Estimate | null> => {
  const nowMs = deps.clock.now();
  const stored = await deps.products.getMany(run.sampleKeys);
  const segments = run.segments.map((segment) => {
    const keys = run.sampleKeys.filter((key) => key.startsWith(`${segment.marketplace}#`));
    const fresh = keys.filter((key) => {
      const product = stored.get(key);
      return product !== undefined && isReusable(product, nowMs);
    }).length;
    return { ...segment, fresh: keys.length === 0 ? 0 : Math.round((fresh / keys.length) * segment.products) };
  });
  return estimateRun({
    segments,
    sources: run.sources.flatMap((status) => toEstimateSource(status) ?? []),
    batches: run.batches,
    includeVariations: run.include_variations,
    nowMs,
  });
};
