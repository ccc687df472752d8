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
