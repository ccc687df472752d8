import * as z from "zod";
import { MAX_FUNCTION_SECONDS } from "../../lambdas/common/core/base-env.ts";
import { DEFAULT_BATCH_SIZE } from "../../lambdas/common/core/batches/partition/batch-size.ts";
import { AcknowledgementsSchema } from "../../lambdas/common/core/licences/acknowledgements.ts";
import { DEFAULT_MARKETPLACE, MarketplaceSchema } from "../../lambdas/common/core/products/marketplaces.ts";
import { SourceSettingsSchema } from "../../lambdas/common/core/sources/source-settings.ts";
import { AllowedAddressesSchema } from "../../lambdas/common/core/webhooks/allowed-addresses.ts";
import { AlarmThresholdsSchema } from "./alarm-thresholds.ts";
import { PRODUCT_PAGES_ACKNOWLEDGEMENT } from "./optional-sources.ts";
import { STAGE_KINDS } from "./stage-kinds.ts";
import { VpcSettingsSchema } from "./vpc-settings.ts";

/** The only retention periods that CloudWatch Logs accepts. @see PutRetentionPolicy in the CloudWatch Logs API */
const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

/**
 * Settings of one stage, as cdk.json has them under `stages.<stage>`. What is not named there takes the default
 * given here. Units are in the names.
 */
export const StageSettingsSchema = z.strictObject({
  /** What the stage is for; decides what is kept and checked, and what it has where it does not say otherwise. */
  kind: z.enum(STAGE_KINDS, { error: `must be one of ${STAGE_KINDS.join(", ")}` }),
  /** The AWS account that the stage belongs to. Absent: whichever the credentials of a deploy are of. */
  account: z
    .string()
    .regex(/^\d{12}$/, "must be the 12 digits of an AWS account, in quotes")
    .optional(),
  /** The AWS region that the stage is in. Absent: the one of the AWS set-up of the deploy. */
  region: z
    .string()
    .regex(/^[a-z]{2,4}(-[a-z]+)+-\d$/, "must be an AWS region, such as eu-central-1")
    .optional(),
  /** Enabled sources in the order in which they are asked. `paapi`, `product-page` and `sample-data` need their switch too. */
  sources: z
    .array(SourceSettingsSchema.strict())
    .min(1, "name at least one source")
    .refine((sources) => new Set(sources.map(({ id }) => id)).size === sources.length, "a source is named twice")
    .prefault([{ id: "creators-api" }, { id: "sp-api" }, { id: "keepa" }]),
  /** PA-API 5.0, which stopped answering on 2026-05-15: asked right after the Creators API unless `sources` places it. */
  paapi: z.boolean().default(false),
  /**
   * Public product pages, asked after every licensed source. Amazon's Conditions of Use do not allow robots, so the
   * switch is the sentence that says so knowingly: `PRODUCT_PAGES_ACKNOWLEDGEMENT`.
   */
  product_pages: z
    .union([z.literal(false), z.literal(PRODUCT_PAGES_ACKNOWLEDGEMENT)], {
      error: `must be false, or "${PRODUCT_PAGES_ACKNOWLEDGEMENT}"`,
    })
    .default(false),
  /** Invented products, labelled `simulated`, asked last. */
  sample_data: z.boolean().default(false),
  /** Whether the upstreams are simulators; shown to every client, so that nobody takes invented prices for real ones. */
  simulated: z.boolean().default(false),
  /**
   * Rules of a source's licence that the owner lifts, each by the sentence that says who agreed and when, such as
   * `{"creators-api": {"history": "..."}}`.
   */
  licence_acknowledgements: AcknowledgementsSchema.default({}),
  /** Shop of look-ups, imports and searches that name none, in any form that people write. */
  default_marketplace: MarketplaceSchema.default(DEFAULT_MARKETPLACE),
  /** Products a batch when the caller does not say; `auto` chooses by the size of the catalog. */
  batch_size: z.union([z.literal("auto"), z.number().int().min(5).max(50)]).default(DEFAULT_BATCH_SIZE),
  /** Seconds of upstream capacity that dispatch keeps in flight. */
  dispatch_window_seconds: z.number().int().min(1).max(300).default(15),
  /** Workers on the `enrich` queue; `auto` follows the first source's rate. SQS takes 2 to 1,000. */
  consumer_concurrency: z.union([z.literal("auto"), z.number().int().min(2).max(1000)]).default("auto"),
  /**
   * Workers on the `enrich-express` queue; `auto` is as many as hold the slots of the next four seconds at the first source's
   * rate, 2 to 10: 4 at one call a second. More send emptier calls, fewer let small runs queue behind bulk work.
   */
  express_concurrency: z.union([z.literal("auto"), z.number().int().min(2).max(1000)]).default("auto"),
  /** 95th percentile of an upstream answer, seconds; `auto` concurrency is computed from it. */
  upstream_p95_seconds: z.number().positive().max(30).default(2),
  /** Longest wait for one upstream answer. */
  upstream_timeout_seconds: z.number().int().min(1).max(60).default(30),
  /** Timeout of the enriching functions. */
  function_timeout_seconds: z.number().int().min(60).max(MAX_FUNCTION_SECONDS).default(150),
  function_memory_mb: z.number().int().min(512).max(3008).default(512),
  /** Timeout of the function that reads uploaded files; a million rows take about a minute. */
  ingest_timeout_seconds: z.number().int().min(60).max(MAX_FUNCTION_SECONDS).default(MAX_FUNCTION_SECONDS),
  /** Its memory; the share of a CPU grows with it. */
  ingest_memory_mb: z.number().int().min(512).max(3008).default(1024),
  /** Files read at the same time. SQS takes 2 to 1,000. */
  ingest_concurrency: z.number().int().min(2).max(1000).default(4),
  /** Exports written at the same time; each reads about a thousand products a tenth of a second. SQS takes 2 to 1,000. */
  export_concurrency: z.number().int().min(2).max(1000).default(5),
  /**
   * Whether stored products are fetched again before their licences end them. It takes two workers of the account's concurrency,
   * and calls that nobody waits for. Off: nothing is deployed for it, and requests that ask for it are refused.
   */
  daily_refresh: z.boolean().default(true),
  /**
   * The shop line: products made of captions and thumbnails, and the calls that anybody may read them by. Off unless a stage
   * wants it, because it opens calls to the public.
   */
  shop_line: z.boolean().default(false),
  /** Whether a topic carries one notice of each new product of a shop. */
  shop_topic: z.boolean().default(false),
  /** Workers on each of the two queues of the shop line; not yet measured on AWS. SQS takes 2 to 1,000. */
  assembly_concurrency: z.number().int().min(2).max(1000).default(2),
  /** Calls a second that each open call of the shop lets through, over all readers: a part of what the API does. */
  shop_calls_per_second: z.number().int().positive().default(25),
  shop_burst_calls: z.number().int().positive().default(50),
  /** Whether events are sent to endpoints of users. Off, endpoints are kept and nothing is deployed that would send. */
  webhooks: z.boolean().default(true),
  /** Workers that call endpoints, ten calls each at the same time. SQS takes 2 to 1,000. */
  webhook_concurrency: z.number().int().min(2).max(1000).default(4),
  /**
   * IP addresses that webhooks are sent to although they are not public, also without TLS: for receivers on the machine of stage
   * local, and for that stage only.
   */
  webhook_allowed_addresses: AllowedAddressesSchema.default([]),
  /**
   * The products that get an event when they end: `all`, or only those that an event `requested`. EventBridge takes a dollar
   * for a million events.
   */
  product_events: z.enum(["all", "requested"]).default("all"),
  /** Whether products are enriched that other systems ask for by events of the bus; its two workers need room in the account. */
  event_requests: z.boolean().default(true),
  /** Whether other systems are asked for content and an assessment of each product that was enriched; its two workers need room in the account. */
  downstream_events: z.boolean().default(false),
  /** How long the `enrich` consumer gathers messages before it starts; SQS takes 0 to 300. */
  batch_window_seconds: z.number().int().min(0).max(300).default(1),
  /** `auto` is 6 × function timeout + batch window, the least that AWS recommends. Less is for stage local only. */
  visibility_timeout_seconds: z.union([z.literal("auto"), z.number().int().min(15).max(43_200)]).default("auto"),
  /** SQS keeps a message 1 to 14 days. */
  queue_retention_days: z.number().int().min(1).max(14).default(14),
  /** Deliveries before a message goes to the DLQ. Fewer than 5 loses good work to throttling. */
  max_receive_count: z.number().int().min(5).max(1000).default(5),
  /** Browser origins that may call the API; none: no browser of another origin. */
  allowed_origins: z.array(z.url({ protocol: /^https?$/ })).default([]),
  /** Calls a second that the API lets through, over all users. */
  api_calls_per_second: z.number().int().positive().default(50),
  api_burst_calls: z.number().int().positive().default(100),
  /** The network that the functions are in, such as `{}` for one of its own. Absent: the one that Lambda has for everybody. */
  vpc: VpcSettingsSchema.optional(),
  /** Who is notified of alarms; required where the kind is prod, elsewhere absent means nobody by e-mail. */
  alarm_email: z.email().optional(),
  /** E-mail address or page of the operator of the stage, named to every upstream. @default alarm_email */
  contact: z
    .union([z.email(), z.url({ protocol: /^https?$/ })], { error: "must be an e-mail address or a web address" })
    .optional(),
  alarms: AlarmThresholdsSchema.prefault({}),
  /** Whether Route 53 asks `/health` from outside, and somebody is woken when nothing answers; for stages in us-east-1. */
  health_canary: z.boolean().default(false),
  log_level: z.enum(["DEBUG", "INFO", "WARN", "ERROR"]).default("INFO"),
  log_retention_days: z.literal(LOG_RETENTION_DAYS).default(30),
  /** Days that raw upstream answers are kept. */
  raw_retention_days: z.number().int().positive().default(30),
});
export type StageSettings = z.infer<typeof StageSettingsSchema>;
