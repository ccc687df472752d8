import * as z from "zod";

/** State of a catalog or of its newest run, as the API gives it. */
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
