import * as z from "zod";
import { EVENT_FIELDS } from "./event-fields.ts";

const PRODUCT = {
  asin: EVENT_FIELDS.asin,
  region: EVENT_FIELDS.region,
  request_id: EVENT_FIELDS.request_id,
};

/** Data of `ContentGenerationRequested`. */
export const ContentGenerationRequestedSchema = z
  .object({ ...PRODUCT, type: z.literal("enhanced").describe("Kind of content.") })
  .meta({
    id: "ContentGenerationRequested",
    description:
      "Content is to be made for a product that was enriched. It names the product and carries no text of it.",
  });
export type ContentGenerationRequested = z.infer<typeof ContentGenerationRequestedSchema>;

/** Data of `QualityAssessmentRequested`. */
export const QualityAssessmentRequestedSchema = z
  .object({ ...PRODUCT, reason: z.literal("post-enrichment").describe("Why.") })
  .meta({
    id: "QualityAssessmentRequested",
    description: "The data of a product that was enriched are to be assessed.",
  });
export type QualityAssessmentRequested = z.infer<typeof QualityAssessmentRequestedSchema>;

/** Data of `AnalyticsRecorded`. */
export const AnalyticsRecordedSchema = z
  .object({
    ...PRODUCT,
    outcome: z.enum(["enriched", "failed"]).describe("How it ended."),
    error_code: z.string().nullable().describe("Code of the failure; null: none."),
    processing_ms: z.number().int().min(0).nullable().describe("As in ProductEnriched; null: not measured."),
    recorded_at: EVENT_FIELDS.time.describe("When the product was recorded."),
  })
  .meta({
    id: "AnalyticsRecorded",
    description: "A product ended, for those who count: its outcome, and nothing that a source said of it.",
  });
export type AnalyticsRecorded = z.infer<typeof AnalyticsRecordedSchema>;
