import * as z from "zod";
import { BaseEnvSchema } from "../common/core/base-env.ts";
import { AcknowledgementsJsonSchema } from "../common/core/licences/acknowledgements.ts";
import { MarketplaceSchema } from "../common/core/products/marketplaces.ts";
import { SourcesJsonSchema } from "../common/core/sources/source-settings.ts";
import { AllowedAddressesJsonSchema } from "../common/core/webhooks/allowed-addresses.ts";

/** Environment of `operations-api`. */
export const EnvSchema = BaseEnvSchema.extend({
  /** Keys live here, and calls with them are counted. */
  ACCESS_TABLE_NAME: z.string().min(1),
  /** What operators set for shops. */
  MARKETPLACES_TABLE_NAME: z.string().min(1),
  STATUS_TABLE_NAME: z.string().min(1),
  LIMITS_TABLE_NAME: z.string().min(1),
  PRODUCTS_TABLE_NAME: z.string().min(1),
  /** The table that knows which sources are revoked, and what is held of each. */
  CONTENT_ENDS_TABLE_NAME: z.string().min(1),
  /** Rules of licences that the owner of the stage lifts. */
  LICENCE_ACKNOWLEDGEMENTS: AcknowledgementsJsonSchema,
  /** Calls of the daily refresh. */
  REFRESH_JOBS_TABLE_NAME: z.string().min(1),
  /** The function that plans them; `off` where the stage has no daily refresh. */
  PLAN_REFRESH_FUNCTION_NAME: z.string().min(1),
  /** What cursors are sealed with; made by the deploy. */
  CURSOR_SECRET_ARN: z.string().min(1),
  ENRICH_QUEUE_URL: z.url(),
  /** Batches of runs whose products are tried again go by the queue that they came from. */
  EXPRESS_QUEUE_URL: z.url(),
  FAILURES_TABLE_NAME: z.string().min(1),
  SOURCES: SourcesJsonSchema,
  /** Name of every request to an upstream. */
  USER_AGENT: z.string().min(1),
  /** Secrets are `<prefix>/<source id>`. */
  SECRET_PREFIX: z.string().min(1),
  /** Shop of requests that name none. */
  DEFAULT_MARKETPLACE: MarketplaceSchema,
  USER_POOL_ID: z.string().min(1),
  USER_POOL_CLIENT_ID: z.string().min(1),
  /** Where clients open WebSocket connections. */
  WEB_SOCKET_URL: z.url(),
  /** Tickets of WebSocket connections live here. */
  OPERATIONS_TABLE_NAME: z.string().min(1),
  LIVE_TABLE_NAME: z.string().min(1),
  WEBHOOKS_TABLE_NAME: z.string().min(1),
  /** `off` where the stage sends none. */
  WEBHOOKS_QUEUE_URL: z.union([z.literal("off"), z.url()]),
  /** What the secrets of webhooks are encrypted with. */
  WEBHOOK_KEY_ARN: z.string().min(1),
  WEBHOOK_ALLOWED_ADDRESSES: AllowedAddressesJsonSchema,
  /** `true` where upstreams are simulators, as on stage local. */
  SIMULATED: z.enum(["true", "false"]),
});
export type Env = z.infer<typeof EnvSchema>;
