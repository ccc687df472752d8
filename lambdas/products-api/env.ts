import * as z from "zod";
import { BaseEnvSchema } from "../common/core/base-env.ts";
import { AcknowledgementsJsonSchema } from "../common/core/licences/acknowledgements.ts";
import { MarketplaceSchema } from "../common/core/products/marketplaces.ts";
import { SourcesJsonSchema } from "../common/core/sources/source-settings.ts";

/** Environment of `products-api`. */
export const EnvSchema = BaseEnvSchema.extend({
  /** Calls by keys are counted here. */
  ACCESS_TABLE_NAME: z.string().min(1),
  /** What operators set for shops. */
  MARKETPLACES_TABLE_NAME: z.string().min(1),
  PRODUCTS_TABLE_NAME: z.string().min(1),
  HISTORY_TABLE_NAME: z.string().min(1),
  /** Rules of licences that the owner of the stage lifts. */
  LICENCE_ACKNOWLEDGEMENTS: AcknowledgementsJsonSchema,
  /** Where it is noted when content ends. */
  CONTENT_ENDS_TABLE_NAME: z.string().min(1),
  LIMITS_TABLE_NAME: z.string().min(1),
  /** Views are counted there. */
  REFRESH_DEMAND_TABLE_NAME: z.string().min(1),
  /** Idempotency keys live here. */
  OPERATIONS_TABLE_NAME: z.string().min(1),
  /** Raw answers go there. */
  BUCKET_NAME: z.string().min(1),
  SOURCES: SourcesJsonSchema,
  /** Secrets are `<prefix>/<source id>`. */
  SECRET_PREFIX: z.string().min(1),
  /** What cursors are sealed with; made by the deploy. */
  CURSOR_SECRET_ARN: z.string().min(1),
  /** What upstreams see of who calls. */
  USER_AGENT: z.string().min(1),
  UPSTREAM_TIMEOUT_MS: z.coerce.number().int().positive(),
  /** Shop of requests that name none. */
  DEFAULT_MARKETPLACE: MarketplaceSchema,
});
export type Env = z.infer<typeof EnvSchema>;
