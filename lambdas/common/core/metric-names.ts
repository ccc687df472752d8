import type { SourceId } from "./source-ids.ts";

/** CloudWatch namespace of every custom metric. */
export const METRIC_NAMESPACE = "Enrichline";

/** Names of the custom metrics, shared by the code that counts and the alarms that watch. */
export const METRICS = {
  ENRICHMENT_REQUESTS: "EnrichmentRequests",
  ENRICHMENT_SUCCESSES: "EnrichmentSuccesses",
  ENRICHMENT_FAILURES: "EnrichmentFailures",
  RUN_COST: "RunCost",
  COST_PER_THOUSAND_PRODUCTS: "CostPerThousandProducts",
  PROCESSING_DURATION: "ProcessingDuration",
  UPSTREAM_CALLS: "UpstreamCalls",
  QUOTA_USED_SHARE: "QuotaUsedShare",
  BREAKER_OPEN: "BreakerOpen",
  CACHE_HITS: "CacheHits",
  RECORD_FAILED: "RecordFailed",
  RECORD_INVALID: "RecordInvalid",
  RECORD_DUPLICATE: "RecordDuplicate",
  STUCK_WORK: "StuckWorkFound",
  SERVABLE_PRODUCTS: "ServableProducts",
  CRITICAL_UPSTREAM_ERROR: "CriticalUpstreamError",
  CRITICAL_WITHOUT_FALLBACK: "CriticalWithoutFallback",
  QUEUE_DEPTH: "QueueDepth",
  WEB_SOCKET_CONNECTIONS: "WebSocketConnections",
  WEB_SOCKET_ERRORS: "WebSocketErrors",
  PUSH_ERRORS: "PushErrors",
  EVENTS_PROCESSED: "EventsProcessed",
  ASSEMBLIES_COMPLETED: "AssembliesCompleted",
  DUPLICATE_EVENTS: "DuplicateEvents",
  CONFLICTING_EVENTS: "ConflictingEvents",
  ORPHANED_ASSEMBLIES: "OrphanedAssemblies",
  WEBHOOKS_DELIVERED: "WebhooksDelivered",
  WEBHOOK_ATTEMPTS_FAILED: "WebhookAttemptsFailed",
  WEBHOOKS_SWITCHED_OFF: "WebhooksSwitchedOff",
  PRODUCTS_WILL_EXPIRE: "ProductsWillExpire",
  REQUESTS_ACCEPTED: "RequestsAccepted",
  REQUESTS_REFUSED: "RequestsRefused",
  PUBLISH_FAILURES: "PublishFailures",
  SCHEDULED_CALLS: "ScheduledCalls",
  OPEN_DEAD_LETTERS: "OpenDeadLetters",
} as const;
export type MetricName = (typeof METRICS)[keyof typeof METRICS];

/** Dimension names; few and of low cardinality, because each combination is billed. */
export const DIMENSIONS = {
  /** Every metric carries it: the function that counted, `SOURCES` or `DISPATCH`. */
  SERVICE: "service",
  /** Every metric carries it: the stages of an account share the namespace. */
  STAGE: "stage",
  SOURCE: "source",
  OUTCOME: "outcome",
  ERROR_CODE: "error_code",
  QUEUE: "queue",
  /** The group of shops that Amazon serves together: `NA`, `EU` or `FE`. */
  REGION: "region",
} as const;

/** How an upstream call ended. */
export const CALL_OUTCOMES = ["success", "throttled", "failed", "critical"] as const;
export type CallOutcome = (typeof CALL_OUTCOMES)[number];

/** The queues of the main line, whose depth is counted: waiting, delayed and in flight. */
export const GAUGED_QUEUES = ["enrich", "enrich-express", "ingest"] as const;
export type GaugedQueue = (typeof GAUGED_QUEUES)[number];

/**
 * The `service` of metrics about a source. Several functions call the same source, and what it allows, refuses or holds back is
 * the same for all of them: so each of them counts into one metric a source, which one alarm watches.
 */
export const SOURCES = "sources";

/** Dimensions of a metric about a source, whichever function counts it. */
export const ofSource = (source: SourceId): Readonly<Record<string, string>> => ({
  [DIMENSIONS.SERVICE]: SOURCES,
  [DIMENSIONS.SOURCE]: source,
});

/**
 * The `service` of products that ended while their batch was being dispatched. Five functions dispatch, and it does not matter
 * which of them found the batch: one metric costs a fifth of five, and leaves those of `enrich-batch` to what it worked on.
 */
export const DISPATCH = "dispatch";

/** Dimensions of a metric about dispatching, whichever function counts it. */
export const OF_DISPATCH: Readonly<Record<string, string>> = { [DIMENSIONS.SERVICE]: DISPATCH };
