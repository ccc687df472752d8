import * as z from "zod";
import type { CatalogRow } from "../catalogs/catalog-row.ts";
import { CatalogStateSchema } from "../catalogs/catalog-states.ts";
import { isoTime } from "../clock.ts";
import { type EstimateSource, estimateRun } from "../estimates/estimate.ts";
import { BlockedBySchema } from "../sources/blocked-by.ts";
import { ItemCountsSchema } from "./item-counts.ts";
import { parkedForLater } from "./run.ts";
import type { RunRow } from "./run-row.ts";
import { isOpen } from "./run-states.ts";

const Count = z.number().int().min(0);

/**
 * Answer of `GET /catalogs/{id}/status`. At every moment
 * `totals.products = counts.enriched + counts.failed + counts.pending + counts.cancelled`.
 */
export const CatalogStatusSchema = z.object({
  catalog_id: z.string().describe("The catalog."),
  tracking_id: z.string().nullable().describe("Newest run; null before the first."),
  state: CatalogStateSchema.describe(
    "Where the newest run stands; before the first, where the catalog does. `waiting_for_source`: see `blocked_by`.",
  ),
  blocked_by: z.array(BlockedBySchema).describe("Sources that the run waits for, and what can be done."),
  totals: z
    .object({
      products: Count.describe("Distinct products of the run: the sum of `counts`."),
      batches: Count.describe("Batches that the run is cut into."),
    })
    .describe("Size of the newest run."),
  counts: ItemCountsSchema.describe("Products of the newest run by state."),
  of_which: z
    .object({
      from_cache: Count.describe("Enriched products that were still fresh and cost no call."),
      incomplete: Count.describe("Enriched products that lack a field that they should have; see their `missing`."),
    })
    .describe("Parts of `counts.enriched`."),
  by_source: z.record(z.string(), Count).describe("Enriched products by source id."),
  failures: z
    .array(
      z.object({
        error_code: z.string().describe("Why the products failed, such as NotFound."),
        count: Count.describe("Failed products with this code."),
      }),
    )
    .describe("Failed products by error code, most first."),
  sequence: Count.describe(
    "Rises with every change of the counts, so that a later status can be told from an earlier.",
  ),
  started_at: z.iso.datetime().nullable().describe("When the first batch was worked on; null before."),
  finished_at: z.iso.datetime().nullable().describe("When the run ended; null while it is open."),
  failure: z
    .string()
    .nullable()
    .optional()
    .describe("Why the file could not be read, in words with the fix; null or absent otherwise."),
  ingest: z
    .object({
      bytes_read: Count.describe("Bytes of the file that were read so far."),
      bytes: Count.describe("Size of the whole file, bytes."),
    })
    .nullable()
    .optional()
    .describe("How far the reading of an uploaded file is, while it is awaited or read; null or absent otherwise."),
  estimate: z
    .object({
      seconds_left: Count.nullable().describe(
        "Seconds until the last product is done; null when nothing is under way or no source can tell.",
      ),
      finishes_at: z.iso.datetime().nullable().describe("When that will be; null like `seconds_left`."),
      resumes_at: z.iso
        .datetime()
        .nullable()
        .describe("When a waiting run goes on by itself; null when it does not wait, or waits for a person."),
    })
    .describe("What is still ahead of the run, as far as it can be known."),
});
export type CatalogStatus = z.infer<typeof CatalogStatusSchema>;

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

/** What is left of a run: its pending products at the pace of the sources, counted from when it may go on. */
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
    // A paused run keeps its reasons for when it goes on, but what it waits for now is a person.
    blocked_by: run.state === "paused" ? [] : run.blocked_by,
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
