import * as z from "zod";

/** Where a catalog or its newest run stands, as the API says it. */
export const CatalogStateSchema = z.enum([
  "awaiting_upload",
  "ingesting",
  "ingest_failed",
  "ready",
  "queued",
  "running",
  "waiting_for_source",
  "paused",
  "completed",
  "completed_with_failures",
  "cancelled",
]);
export type CatalogState = z.infer<typeof CatalogStateSchema>;

/** States of a run that is still open: its catalog can start no other. */
export const OPEN_RUN_STATES = ["queued", "running", "waiting_for_source", "paused"] as const;
/** States in which a run rests for good, unless products are reopened. */
export const CLOSED_RUN_STATES = ["completed", "completed_with_failures", "cancelled"] as const;

export const RunStateSchema = z.enum([...OPEN_RUN_STATES, ...CLOSED_RUN_STATES]);
export type RunState = z.infer<typeof RunStateSchema>;

export const BatchStateSchema = z.enum([
  "pending",
  "queued",
  "running",
  "completed",
  "completed_with_failures",
  "cancelled",
]);
export type BatchState = z.infer<typeof BatchStateSchema>;

export const ItemStateSchema = z.enum(["pending", "enriched", "failed", "cancelled"]);
export type ItemState = z.infer<typeof ItemStateSchema>;

/** Says whether a run in `state` may still change by itself. */
export const isOpen = (state: RunState): boolean => (OPEN_RUN_STATES as readonly string[]).includes(state);
