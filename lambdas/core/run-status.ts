import * as z from "zod";
import { isoTime } from "./clock.ts";
import { type EstimateSource, estimateRun } from "./estimate.ts";
import { CatalogStateSchema, isOpen } from "./run-states.ts";
import { BlockedBySchema, type CatalogRow, type RunRow } from "./status-rows.ts";

const Count = z.number().int().min(0);

/**
 * Answer of `GET /catalogs/{id}/status`. At every moment
 * `totals.products = counts.enriched + counts.failed + counts.pending + counts.cancelled`.
 */
export const CatalogStatusSchema = z.object({
  catalog_id: z.string(),
  /** Newest run; null before the first. */
  tracking_id: z.string().nullable(),
  state: CatalogStateSchema,
  /** Sources that the run waits for, and what can be done. */
  blocked_by: z.array(BlockedBySchema),
  totals: z.object({ products: Count, batches: Count }),
  counts: z.object({ pending: Count, enriched: Count, failed: Count, cancelled: Count }),
  of_which: z.object({ from_cache: Count, incomplete: Count }),
  /** Enriched products by source id. */
  by_source: z.record(z.string(), Count),
  /** Failed products by error code, most first. */
  failures: z.array(z.object({ error_code: z.string(), count: Count })),
  /** Rises with every change of the counts. */
  sequence: Count,
  started_at: z.iso.datetime().nullable(),
  finished_at: z.iso.datetime().nullable(),
  /** Why the file could not be read, in words with the fix; null or absent otherwise. */
  failure: z.string().nullable().optional(),
  /** How far the reading of an uploaded file is, while it is awaited or read; null or absent otherwise. */
  ingest: z.object({ bytes_read: Count, bytes: Count }).nullable().optional(),
  estimate: z.object({
    /** Null when nothing is under way or no source can tell. */
    seconds_left: Count.nullable(),
    finishes_at: z.iso.datetime().nullable(),
    /** When a waiting run goes on by itself; null when it does not wait, or waits for a person. */
    resumes_at: z.iso.datetime().nullable(),
  }),
});
export type CatalogStatus = z.infer<typeof CatalogStatusSchema>;

const ingestOf = ({ state, upload, ingest }: CatalogRow): CatalogStatus["ingest"] =>
  upload && (state === "awaiting_upload" || state === "ingesting")
    ? { bytes_read: ingest?.bytes_read ?? 0, bytes: upload.content_length }
    : null;

const NOTHING_AHEAD = { seconds_left: null, finishes_at: null, resumes_at: null };

/** What is left of a run: its pending products at the pace of the sources, counted from when it may go on. */
const remaining = (run: RunRow, sources: readonly EstimateSource[], nowMs: number): CatalogStatus["estimate"] => {
  if (!isOpen(run.state)) return NOTHING_AHEAD;
  const times = run.blocked_by.flatMap((blocked) => (blocked.retry_at === null ? [] : [Date.parse(blocked.retry_at)]));
  const resumesMs = run.state === "waiting_for_source" && times.length > 0 ? Math.min(...times) : undefined;
  const resumes_at = resumesMs === undefined ? null : isoTime(resumesMs);
  const stopped = run.state === "paused" || (run.state === "waiting_for_source" && resumesMs === undefined);
  // The shops of the pending products are not counted apart; the largest segment speaks for all.
  const [main] = [...run.segments].sort((a, b) => b.products - a.products);
  const startMs = Math.max(nowMs, resumesMs ?? nowMs);
  const estimate =
    main && !stopped
      ? estimateRun({
          segments: [{ marketplace: main.marketplace, products: run.pending, fresh: 0 }],
          sources,
          batches: 0,
          include_variations: run.options.include_variations,
          nowMs: startMs,
        })
      : null;
  if (!estimate) return { ...NOTHING_AHEAD, resumes_at };
  return {
    seconds_left: Math.ceil((startMs - nowMs) / 1000) + estimate.seconds,
    finishes_at: estimate.finishes_at,
    resumes_at,
  };
};

/**
 * Says where a catalog stands, from its row and its newest run.
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
      sequence: 0,
      started_at: null,
      finished_at: null,
      estimate: NOTHING_AHEAD,
    };
  }
  return {
    catalog_id: catalog.catalog_id,
    tracking_id: run.batch_id,
    state: run.state,
    blocked_by: run.blocked_by,
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
