import * as z from "zod";
import type { CatalogRow } from "../catalogs/catalog-row.ts";
import { CatalogStateSchema } from "../catalogs/catalog-states.ts";
import { sequenceBeforeRun } from "../catalogs/steps-before-run.ts";
import { RunRowSchema } from "../runs/run-row.ts";

const run = RunRowSchema.shape;

/** How far a catalog is, as it is pushed: the part of its status that changes with every product. */
export const CatalogProgressSchema = z.object({
  type: z.literal("catalog_progress"),
  catalog_id: run.catalog_id,
  /** Newest run; null before the first. */
  tracking_id: z.string().nullable(),
  /** Rises with every change of a run; from 0 in each run. Before the first, with the state of the catalog. */
  sequence: run.sequence,
  counts: z.object({ pending: run.pending, enriched: run.enriched, failed: run.failed, cancelled: run.cancelled }),
  state: CatalogStateSchema,
  /** When it became so; before the first run, when the catalog was made. */
  updated_at: z.iso.datetime(),
});
export type CatalogProgress = z.infer<typeof CatalogProgressSchema>;

/** The parts of a run row that its progress is made of. */
export const ProgressRowSchema = RunRowSchema.pick({
  catalog_id: true,
  batch_id: true,
  sequence: true,
  pending: true,
  enriched: true,
  failed: true,
  cancelled: true,
  state: true,
  updated_at: true,
});
export type ProgressRow = z.infer<typeof ProgressRowSchema>;

/** The progress of a run. */
export const progressOfRun = (row: ProgressRow): CatalogProgress => ({
  type: "catalog_progress",
  catalog_id: row.catalog_id,
  tracking_id: row.batch_id,
  sequence: row.sequence,
  counts: { pending: row.pending, enriched: row.enriched, failed: row.failed, cancelled: row.cancelled },
  state: row.state,
  updated_at: row.updated_at,
});

/** The progress of a catalog before its first run: every product is pending. */
export const progressBeforeRun = (
  catalog: Pick<CatalogRow, "catalog_id" | "rows" | "state" | "created_at">,
): CatalogProgress => ({
  type: "catalog_progress",
  catalog_id: catalog.catalog_id,
  tracking_id: null,
  sequence: sequenceBeforeRun(catalog.state),
  counts: { pending: catalog.rows.valid, enriched: 0, failed: 0, cancelled: 0 },
  state: catalog.state,
  updated_at: catalog.created_at,
});

/**
 * Says whether progress tells more than what a client knows of the same catalog. A push may come twice, and one that was
 * sent before a snapshot may come after it. Any run is newer than the catalog without one, and ids of runs grow with the time of
 * their start.
 */
export const isNews = (
  known: Pick<CatalogProgress, "tracking_id" | "sequence"> | undefined,
  next: Pick<CatalogProgress, "tracking_id" | "sequence">,
): boolean => {
  if (!known) return true;
  if (known.tracking_id === next.tracking_id) return next.sequence > known.sequence;
  return next.tracking_id !== null && (known.tracking_id === null || next.tracking_id > known.tracking_id);
};
