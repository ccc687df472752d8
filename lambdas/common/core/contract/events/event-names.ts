/** Source of every event that Enrichline puts on its bus. */
export const EVENT_SOURCE = "enrichline";

/** Detail types of the events on a stage's bus. */
export const EVENT_NAMES = {
  /** Taken in: a product is to be enriched. */
  REQUESTED: "ProductEnrichmentRequested",
  ENRICHED: "ProductEnriched",
  FAILED: "ProductEnrichmentFailed",
  PRICE_CHANGED: "ProductPriceChanged",
  BECAME_UNAVAILABLE: "ProductBecameUnavailable",
  RUN_COMPLETED: "CatalogRunCompleted",
  CONTENT_REQUESTED: "ContentGenerationRequested",
  ASSESSMENT_REQUESTED: "QualityAssessmentRequested",
  ANALYTICS_RECORDED: "AnalyticsRecorded",
} as const;
export type EventName = (typeof EVENT_NAMES)[keyof typeof EVENT_NAMES];

/** Version of the envelope and of what is in it; another shape gets another number. */
export const EVENT_VERSION = 1;

/** Error code of a request that was refused, in `ProductEnrichmentFailed`. */
export const REFUSED_REQUEST = "InvalidRequest";
