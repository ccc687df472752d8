import * as z from "zod";
import type { StageTemplates } from "./synth-stage.ts";

const TemplateSchema = z.looseObject({
  Resources: z.record(
    z.string(),
    z.looseObject({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).default({}) }),
  ),
  Outputs: z.record(z.string(), z.unknown()).default({}),
});

const keysOf = (...records: readonly Readonly<Record<string, unknown>>[]): string[] => [
  ...new Set(records.flatMap((record) => Object.keys(record))),
];
const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

const VariablesSchema = z.object({ Variables: z.record(z.string(), z.unknown()) }).catch({ Variables: {} });

/** The properties in which two resources differ; variables one by one. */
const propertiesThatDiffer = (
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): string[] =>
  keysOf(before, after)
    .filter((name) => !isSame(before[name], after[name]))
    .flatMap((name) => {
      if (name !== "Environment") return [name];
      const [old, now] = [VariablesSchema.parse(before[name]).Variables, VariablesSchema.parse(after[name]).Variables];
      return keysOf(old, now).flatMap((variable) => (isSame(old[variable], now[variable]) ? [] : [`$${variable}`]));
    });

/**
 * How two deploys of a stage differ, a line for each property: `<stack> <type> <logical id> <property>`, where a variable reads
 * `$NAME`, and `+` and `-` are resources that come and go. Outputs are `<stack> Output <name>`.
 */
export const differencesBetween = (before: StageTemplates, after: StageTemplates): string[] =>
  (Object.keys(before) as (keyof StageTemplates)[]).flatMap((stack) => {
    const [old, now] = [TemplateSchema.parse(before[stack].toJSON()), TemplateSchema.parse(after[stack].toJSON())];
    const resources = keysOf(old.Resources, now.Resources).flatMap((id) => {
      const [one, other] = [old.Resources[id], now.Resources[id]];
      const line = (what: string): string => `${stack} ${(one ?? other)?.Type.replace("AWS::", "")} ${id} ${what}`;
      if (!one || !other) return [line(one ? "-" : "+")];
      if (isSame(one, other)) return [];
      const { Properties: _old, ...restBefore } = one;
      const { Properties: _now, ...restAfter } = other;
      return [
        ...propertiesThatDiffer(one.Properties, other.Properties).map(line),
        ...(isSame(restBefore, restAfter) ? [] : [line("(attributes)")]),
      ];
    });
    const outputs = keysOf(old.Outputs, now.Outputs).filter((name) => !isSame(old.Outputs[name], now.Outputs[name]));
    return [...resources, ...outputs.map((name) => `${stack} Output ${name}`)];
  });

/** A variable of functions whose ids begin so. */
const variable = (name: string, ...functions: readonly string[]): RegExp =>
  new RegExp(`^\\w+ Lambda::Function (?:${functions.join("|")})\\w* \\$${name}$`);
const property = (type: string, name: string, ...ids: readonly string[]): RegExp =>
  new RegExp(`^\\w+ ${type} (?:${ids.join("|")})\\w* ${name}$`);
/** Everything of a part that is switched: all its resources, whose ids begin so, and their alarms. */
const part = (stack: string, ...ids: readonly string[]): RegExp =>
  new RegExp(`^${stack} \\S+ (?:${ids.join("|")})\\w* [+-]$`);
const alarmsOf = (...components: readonly string[]): RegExp =>
  new RegExp(`^Monitoring CloudWatch::Alarm Alarms(?:${components.join("|")})\\w* [+-]$`);
const outputs = (stack: string, ...names: readonly string[]): RegExp =>
  new RegExp(`^${stack} Output (?:${names.join("|")})`);
const workers = (mapping: string): RegExp => property("Lambda::EventSourceMapping", "ScalingConfig", mapping);

const ANY = "";
const CONCURRENCY = outputs("Pipeline", "ConcurrencyNeeded$");
const BOARD = property("CloudWatch::Dashboard", "DashboardBody", "DashboardBoard");
/** A consumer more or less changes the alarm that adds up the records of all of them. */
const RECORDS = property("CloudWatch::Alarm", "Metrics", "AlarmsMainLineRecordFailed");
/** A queue more or less is one more or less that dead letters are taken out of. */
const LETTERS = [
  property("IAM::Policy", "PolicyDocument", "HandleDeadLettersRole"),
  variable("LETTER_SOURCES", "HandleDeadLetters"),
];
const VISIBILITY = property("SQS::Queue", "VisibilityTimeout", "Enrich\\w*Queue", "ExportsQueue", "RefreshQueue");
const THRESHOLDS = property("CloudWatch::Alarm", "(?:Threshold|AlarmDescription)", "Alarms");
const DEPTHS = property("CloudWatch::Alarm", "(?:Threshold|AlarmDescription)", "Alarms\\w*QueueDepth");
const SOURCES = [
  variable("SOURCES", ANY),
  BOARD,
  /^Monitoring CloudWatch::Alarm AlarmsMainLine(?:Critical(?:UpstreamError|WithoutFallback)|BreakerOpen|QuotaUsed)\w+ [+-]$/,
];
const ASKED = [
  property("SecretsManager::Secret", "Tags", "SourceSecrets"),
  property("IAM::Policy", "PolicyDocument", ANY),
];
const AGENT = variable("USER_AGENT", ANY);
const API_LIMITS = property("ApiGatewayV2::Stage", "DefaultRouteSettings", "GatewayStage");
const SHOP_LIMITS = property("ApiGatewayV2::Stage", "RouteSettings", "GatewayStage");
const NOTICES = [part("Shop", "ProductNotices"), outputs("Shop", ANY), alarmsOf("ProductNotices"), BOARD, ...LETTERS];

/**
 * What each setting may change when a stage is deployed with another value, as lines of `differencesBetween`. Nothing that is stateful is
 * replaced by any of them; queues of a part that is switched off stay in the account.
 */
export const EFFECTS: Readonly<Record<string, readonly RegExp[]>> = {
  // The first source's rate is the rate of the workers, and of what waits for them.
  sources: [...SOURCES, ...ASKED, workers("EnrichConsumer"), workers("ExpressConsumer"), CONCURRENCY, DEPTHS],
  paapi: [...SOURCES, ...ASKED],
  product_pages: SOURCES,
  sample_data: SOURCES,
  simulated: [variable("SIMULATED", "OperationsApi")],
  licence_acknowledgements: [variable("LICENCE_ACKNOWLEDGEMENTS", ANY)],
  default_marketplace: [variable("DEFAULT_MARKETPLACE", "ProductsApi", "OperationsApi")],
  batch_size: [variable("BATCH_SIZE", "CatalogsApi")],
  dispatch_window_seconds: [variable("DISPATCH_WINDOW_SECONDS", ANY)],
  consumer_concurrency: [workers("EnrichConsumer"), CONCURRENCY],
  express_concurrency: [workers("ExpressConsumer"), CONCURRENCY],
  upstream_p95_seconds: [workers("EnrichConsumer"), CONCURRENCY],
  upstream_timeout_seconds: [variable("UPSTREAM_TIMEOUT_MS", ANY)],
  function_timeout_seconds: [
    ...[VISIBILITY, THRESHOLDS, variable("FUNCTION_TIMEOUT_SECONDS", "Enrich", "Reconcile")],
    property("Lambda::Function", "Timeout", "Enrich", "Dispatch", "Reconcile", "ExportCatalog", "RefreshRefresh"),
  ],
  function_memory_mb: [property("Lambda::Function", "MemorySize", ANY)],
  ingest_timeout_seconds: [
    property("SQS::Queue", "VisibilityTimeout", "IngestQueue"),
    property("Lambda::Function", "Timeout", "IngestCatalog"),
    property("CloudWatch::Alarm", "(?:Threshold|AlarmDescription)", "AlarmsIngestCatalogDuration"),
  ],
  ingest_memory_mb: [property("Lambda::Function", "MemorySize", "IngestCatalog")],
  ingest_concurrency: [workers("IngestConsumer"), variable("MAX_READINGS_PER_USER", "IngestCatalog"), CONCURRENCY],
  export_concurrency: [workers("ExportsConsumer"), CONCURRENCY],
  daily_refresh: [
    ...[part("Pipeline", "Refresh"), alarmsOf("Refresh", "PlanRefresh")],
    ...[outputs("Pipeline", ANY), BOARD, RECORDS, ...LETTERS],
    ...[variable("DAILY_REFRESH", "CatalogsApi"), variable("PLAN_REFRESH_FUNCTION_NAME", "OperationsApi")],
    property("IAM::Policy", "PolicyDocument", "OperationsApiRole"),
  ],
  shop_line: [
    // The stage depends on the routes that have a limit of their own.
    property("ApiGatewayV2::Stage", "\\(attributes\\)", "GatewayStage"),
    ...[part("Shop", ANY), part("Api", "NewProducts", "ShopApi", "GatewayApiGETapiv1shop")],
    ...[property("IAM::Policy", "PolicyDocument", "BroadcastChangesRole"), ...LETTERS, SHOP_LIMITS, CONCURRENCY, BOARD],
    ...[outputs("Shop", ANY), outputs("Api", "FunctionShopApi$", "PublishOutput"), outputs("Data", "PublishOutput")],
    alarmsOf(
      "CaptionParsedQueue",
      "ThumbnailGeneratedQueue",
      "AssembleProduct",
      "SweepStaging",
      "Shop",
      "ProductNotices",
    ),
  ],
  shop_topic: NOTICES,
  assembly_concurrency: [workers("CaptionConsumer"), workers("ThumbnailConsumer"), CONCURRENCY],
  shop_calls_per_second: [SHOP_LIMITS],
  shop_burst_calls: [SHOP_LIMITS],
  webhooks: [
    ...[part("Pipeline", "Webhooks"), alarmsOf("Webhook", "DeliverWebhooks")],
    ...[
      outputs("Pipeline", ANY),
      BOARD,
      RECORDS,
      ...LETTERS,
      variable("WEBHOOKS_QUEUE_URL", "PublishEvents", "OperationsApi"),
    ],
    property("IAM::Policy", "PolicyDocument", "PublishEventsRole", "OperationsApiRole"),
    property("Lambda::EventSourceMapping", "FilterCriteria", "OutcomesStream"),
  ],
  vpc: [
    /^Network \S+ \w+ \+$/,
    outputs("Network", ANY),
    property("Lambda::Function", "VpcConfig", ANY),
    property("IAM::Policy", "PolicyDocument", "\\w+RoleDefaultPolicy"),
  ],
  webhook_concurrency: [workers("WebhooksConsumer"), CONCURRENCY],
  webhook_allowed_addresses: [],
  product_events: [
    property("Lambda::EventSourceMapping", "FilterCriteria", "OutcomesStream"),
    // What a run cost counts its events.
    variable("PRODUCT_EVENTS", "Enrich"),
  ],
  event_requests: [
    ...[part("Pipeline", "Requests"), alarmsOf("RequestsQueue", "AcceptRequests", "Requests")],
    ...[outputs("Pipeline", ANY), BOARD, RECORDS, ...LETTERS],
    property("SQS::QueuePolicy", "PolicyDocument", "BusUndeliveredEvents"),
  ],
  downstream_events: [
    ...[part("Pipeline", "Reactions"), alarmsOf("ReactionsQueue")],
    ...[
      outputs("Pipeline", ANY),
      BOARD,
      RECORDS,
      ...LETTERS,
      variable("(?:REACTIONS_QUEUE_URL|DOWNSTREAM_EVENTS)", "Reactions"),
    ],
    property("IAM::Policy", "PolicyDocument", "ReactionsReactToOutcomesRole"),
    property("SQS::QueuePolicy", "PolicyDocument", "BusUndeliveredEvents"),
  ],
  batch_window_seconds: [
    VISIBILITY,
    property(
      "Lambda::EventSourceMapping",
      "MaximumBatchingWindowInSeconds",
      "EnrichConsumer",
      "RequestsRequestsConsumer",
    ),
  ],
  visibility_timeout_seconds: [VISIBILITY],
  queue_retention_days: [property("SQS::Queue", "MessageRetentionPeriod", "\\w*Messages")],
  max_receive_count: [
    property("SQS::Queue", "RedrivePolicy", "\\w*Messages"),
    variable("MAX_RECEIVE_COUNT", "ExportCatalog"),
  ],
  allowed_origins: [
    property("S3::Bucket", "CorsConfiguration", "CatalogBucket"),
    property("ApiGatewayV2::Api", "CorsConfiguration", "GatewayApi"),
    variable("ALLOWED_ORIGINS", "LiveConnections"),
  ],
  api_calls_per_second: [API_LIMITS],
  api_burst_calls: [API_LIMITS],
  // It is the operator's address too, where the stage names no other.
  alarm_email: [part("Monitoring", "TopicsPage", "TopicsNotice"), part("Pipeline", "ReactionsCriticalFailures"), AGENT],
  contact: [AGENT],
  alarms: [THRESHOLDS],
  health_canary: [
    part("Monitoring", "HealthCanary"),
    alarmsOf("ApiUnreachable"),
    outputs("Monitoring", "HealthCheckId$"),
    BOARD,
  ],
  log_level: [variable("LOG_LEVEL", ANY)],
  log_retention_days: [property("Logs::LogGroup", "RetentionInDays", ANY)],
  raw_retention_days: [property("S3::Bucket", "LifecycleConfiguration", "CatalogBucket")],
};
