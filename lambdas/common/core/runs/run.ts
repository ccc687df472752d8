import { productsUpTo } from "../batches/partition/batch-range.ts";
import { batchCount, EXPRESS_BATCHES } from "../batches/partition/batch-size.ts";
import type { CatalogRow } from "../catalogs/catalog-row.ts";
import type { RunOptions } from "../catalogs/run-options.ts";
import type { RunRow } from "./run-row.ts";
import { isOpen, type RunState } from "./run-states.ts";

/** Partition of the sparse `open-runs` index. Open runs are few, so one is enough. */
export const OPEN_SHARD = "open";

/** Id of a run: `enrich_<catalog>_<epoch seconds>`, with a suffix when two start within one second. */
export const trackingId = (catalogId: string, nowMs: number, suffix = ""): string =>
  `enrich_${catalogId}_${Math.floor(nowMs / 1000)}${suffix}`;

/** A fresh run over all products of a catalog, with nothing done yet. */
export const newRun = (
  catalog: Pick<CatalogRow, "catalog_id" | "user_id" | "segments">,
  details: { tracking_id: string; options: RunOptions; correlation_id: string; now: string },
): RunRow => {
  const uploaded = catalog.segments.reduce((sum, segment) => sum + segment.products, 0);
  const batches = batchCount(catalog.segments, details.options.batch_size);
  return {
    catalog_id: catalog.catalog_id,
    batch_id: details.tracking_id,
    row_type: "run",
    owner_id: catalog.user_id,
    created_at: details.now,
    open_shard: OPEN_SHARD,
    state: "queued",
    options: details.options,
    correlation_id: details.correlation_id,
    uploaded,
    pending: uploaded,
    enriched: 0,
    failed: 0,
    cancelled: 0,
    from_cache: 0,
    incomplete: 0,
    by_source: {},
    failure_counts: {},
    failure_groups: {},
    failure_firsts: {},
    failure_lasts: {},
    sequence: 0,
    batches,
    dispatched: 0,
    settled: 0,
    blocked_by: [],
    held: {},
    segments: [...catalog.segments],
    express: batches <= EXPRESS_BATCHES,
    started_at: null,
    finished_at: null,
    updated_at: details.now,
  };
};

/** Products of a run whose batches are not sent yet. */
export const unsentProducts = (run: RunRow): number =>
  Math.max(0, run.uploaded - productsUpTo(run.segments, run.options.batch_size, run.dispatched));

/** Products of a run that wait for a later source: the first one has done its part. */
export const parkedForLater = (run: RunRow): number => (run.parked ?? 0) - (run.parked_first ?? 0);

/**
 * Products of a run that are sent, not settled and not parked for a later source. Counted by products, because one that
 * is tried again keeps its batch open for minutes while the batch's others are long done and need no room. What is parked
 * for the first source counts: what is sent after it would only be parked too.
 */
export const productsInFlight = (run: RunRow): number =>
  Math.max(0, run.pending - unsentProducts(run) - parkedForLater(run));

/**
 * Says whether nothing of a run continues before a source is back: all that was sent is settled or parked, and the rest is
 * not sent, because there is none or the first source is what the run waits for.
 */
export const isAllParked = (run: RunRow): boolean => {
  const parked = run.parked ?? 0;
  if (parked === 0 || run.claim || run.pending - unsentProducts(run) > parked) return false;
  return run.dispatched === run.batches || (run.parked_first ?? 0) > 0;
};

/** Says whether batches of this run may be sent. */
export const mayDispatch = (run: RunRow): boolean =>
  isOpen(run.state) && run.state !== "paused" && run.dispatched < run.batches;

/** The state that a run takes when nothing of it is pending. */
export const endStateOf = (run: Pick<RunRow, "state" | "cancelled" | "failed">): RunState => {
  if (run.state === "cancelled" || run.cancelled > 0) return "cancelled";
  return run.failed > 0 ? "completed_with_failures" : "completed";
};
