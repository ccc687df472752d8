import type { CatalogRow } from "../../../common/core/catalogs/catalog-row.ts";
import { sequenceBeforeRun } from "../../../common/core/catalogs/steps-before-run.ts";
import { isoTime } from "../../../common/core/clock.ts";
import type { CatalogStatus } from "../../../common/core/contract/runs/run-status.ts";
import { type EstimateSource, estimateRun } from "../../../common/core/estimates/estimate.ts";
import { parkedForLater } from "../../../common/core/runs/run.ts";
import type { RunRow } from "../../../common/core/runs/run-row.ts";
import { isOpen } from "../../../common/core/runs/run-states.ts";
import { ownReasons } from "./own-reasons.ts";

const ingestOf = ({ state, upload, ingest }: CatalogRow): CatalogStatus["ingest"] =>
  upload && (state === "awaiting_upload" || state === "ingesting")
    ? { bytes_read: ingest?.bytes_read ?? 0, bytes: upload.content_length }
    : null;

const NOTHING_AHEAD = { seconds_left: null, finishes_at: null, resumes_at: null };

/** Seconds from `startMs` until the sources are through with a run's pending products; null when none can tell. */
const secondsLeft = (run: RunRow, sources: readonly EstimateSource[], startMs: number): number | null => {
  // The shops of the pending products are not counted apart; the largest segment speaks for all.
  const [main] = [...run.segments].sort((a, b) => b.products - a.products);
  if (!main) return null;
  const later = parkedForLater(run);
  const parts = [
    { products: run.pending - later, sources },
    // The first one has answered them, and the others may be far slower.
    { products: later, sources: sources.slice(1) },
  ].filter(({ products }) => products > 0);
  const seconds = parts.map(
    (part) =>
      estimateRun({
        segments: [{ marketplace: main.marketplace, products: part.products, fresh: 0 }],
        sources: part.sources,
        batches: 0,
        includeVariations: run.options.include_variations,
        nowMs: startMs,
      })?.seconds ?? null,
  );
  return seconds.reduce((most, one) => (most === null || one === null ? null : Math.max(most, one)), 0);
};

/** What is left of a run: its pending products at the pace of the sources, counted from when it may continue. */
const remaining = (run: RunRow, sources: readonly EstimateSource[], nowMs: number): CatalogStatus["estimate"] => {
  if (!isOpen(run.state)) return NOTHING_AHEAD;
  const times = run.blocked_by.flatMap((blocked) => (blocked.retry_at === null ? [] : [Date.parse(blocked.retry_at)]));
  const resumesMs = run.state === "waiting_for_source" && times.length > 0 ? Math.min(...times) : undefined;
  const resumes_at = resumesMs === undefined ? null : isoTime(resumesMs);
  const stopped = run.state === "paused" || (run.state === "waiting_for_source" && resumesMs === undefined);
  const startMs = Math.max(nowMs, resumesMs ?? nowMs);
  const seconds = stopped ? null : secondsLeft(run, sources, startMs);
  if (seconds === null) return { ...NOTHING_AHEAD, resumes_at };
  return {
    seconds_left: Math.ceil((startMs - nowMs) / 1000) + seconds,
    finishes_at: isoTime(startMs + seconds * 1000),
    resumes_at,
  };
};

/**
 * The status of a catalog, from its row and its newest run.
 * @param run undefined before the first run: then every product counts as pending
 * @param sources configured sources in the order in which they are asked, for the time that is left
 */
export const catalogStatus = (
  catalog: CatalogRow,
  run: RunRow | undefined,
  sources: readonly EstimateSource[],
  nowMs: number,
): CatalogStatus => {
  if (!run) {
    return {
      catalog_id: catalog.catalog_id,
      tracking_id: null,
      state: catalog.state,
      failure: catalog.failure,
      ingest: ingestOf(catalog),
      blocked_by: [],
      totals: { products: catalog.rows.valid, batches: 0 },
      counts: { pending: catalog.rows.valid, enriched: 0, failed: 0, cancelled: 0 },
      of_which: { from_cache: 0, incomplete: 0 },
      by_source: {},
      failures: [],
      sequence: sequenceBeforeRun(catalog.state),
      started_at: null,
      finished_at: null,
      estimate: NOTHING_AHEAD,
    };
  }
  return {
    catalog_id: catalog.catalog_id,
    tracking_id: run.batch_id,
    state: run.state,
    // A paused run keeps its reasons for when it continues, but what it waits for now is a person.
    blocked_by: run.state === "paused" ? [] : [...run.blocked_by, ...ownReasons(run)],
    totals: { products: run.uploaded, batches: run.batches },
    counts: { pending: run.pending, enriched: run.enriched, failed: run.failed, cancelled: run.cancelled },
    of_which: { from_cache: run.from_cache, incomplete: run.incomplete },
    by_source: run.by_source,
    failures: Object.entries(run.failure_counts)
      .filter(([, count]) => count > 0)
      .map(([error_code, count]) => ({ error_code, count }))
      .sort((a, b) => b.count - a.count || a.error_code.localeCompare(b.error_code)),
    sequence: run.sequence,
    started_at: run.started_at,
    finished_at: run.finished_at,
    estimate: remaining(run, sources, nowMs),
  };
};
