import type * as z from "zod";
import { CatalogRunCompletedSchema } from "./catalog-run-completed.ts";
import {
  AnalyticsRecordedSchema,
  ContentGenerationRequestedSchema,
  QualityAssessmentRequestedSchema,
} from "./downstream-requests.ts";
import { EVENT_NAMES, type EventName } from "./event-names.ts";
import { ProductBecameUnavailableSchema, ProductPriceChangedSchema } from "./product-changes.ts";
import { EnrichmentRequestSchema } from "./product-enrichment-requested.ts";
import { ProductEnrichedSchema, ProductEnrichmentFailedSchema } from "./product-outcomes.ts";

/** What `data` of each event is, by detail type. */
export const EVENT_SCHEMAS = {
  [EVENT_NAMES.REQUESTED]: EnrichmentRequestSchema,
  [EVENT_NAMES.ENRICHED]: ProductEnrichedSchema,
  [EVENT_NAMES.FAILED]: ProductEnrichmentFailedSchema,
  [EVENT_NAMES.PRICE_CHANGED]: ProductPriceChangedSchema,
  [EVENT_NAMES.BECAME_UNAVAILABLE]: ProductBecameUnavailableSchema,
  [EVENT_NAMES.RUN_COMPLETED]: CatalogRunCompletedSchema,
  [EVENT_NAMES.CONTENT_REQUESTED]: ContentGenerationRequestedSchema,
  [EVENT_NAMES.ASSESSMENT_REQUESTED]: QualityAssessmentRequestedSchema,
  [EVENT_NAMES.ANALYTICS_RECORDED]: AnalyticsRecordedSchema,
} as const satisfies Readonly<Record<EventName, z.ZodType>>;

/** What an event carries. */
export type EventData<Name extends EventName> = z.output<(typeof EVENT_SCHEMAS)[Name]>;
