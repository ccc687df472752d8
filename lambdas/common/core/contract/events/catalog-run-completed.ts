import * as z from "zod";
import { CLOSED_RUN_STATES } from "../../runs/run-states.ts";

const Count = z.number().int().min(0);

/** Data of `CatalogRunCompleted`. */
export const CatalogRunCompletedSchema = z
  .object({
    catalog_id: z.string().describe("The catalog."),
    tracking_id: z.string().describe("Its run."),
    state: z.enum(CLOSED_RUN_STATES).describe("How the run ended."),
    counts: z
      .object({
        products: Count.describe("Products of the run."),
        enriched: Count.describe("Products that were enriched."),
        failed: Count.describe("Products that failed."),
        cancelled: Count.describe("Products that were cancelled."),
      })
      .describe("How its products ended."),
    finished_at: z.iso.datetime().describe("When it ended."),
  })
  .meta({
    id: "CatalogRunCompleted",
    description: "A run over a user's catalog ended. A run that is retried ends once more, as an event of its own.",
  });
export type CatalogRunCompleted = z.infer<typeof CatalogRunCompletedSchema>;
