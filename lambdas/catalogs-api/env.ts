import * as z from "zod";
import { BaseEnvSchema } from "../common/core/base-env.ts";
import { AcknowledgementsJsonSchema } from "../common/core/licences/acknowledgements.ts";
import { SourcesJsonSchema } from "../common/core/sources/source-settings.ts";

/** Environment of `catalogs-api`. */
export const EnvSchema = BaseEnvSchema.extend({
  /** Calls by keys are counted here. */
  ACCESS_TABLE_NAME: z.string().min(1),
  /** Where it is asked whether the owner of a feed is still there. */
  USER_POOL_ID: z.string().min(1),
  /** What operators set for shops. */
  MARKETPLACES_TABLE_NAME: z.string().min(1),
  STATUS_TABLE_NAME: z.string().min(1),
  PRODUCTS_TABLE_NAME: z.string().min(1),
  /** The table that knows which sources are revoked. */
  CONTENT_ENDS_TABLE_NAME: z.string().min(1),
  /** Rules of licences that the owner of the stage lifts. */
  LICENCE_ACKNOWLEDGEMENTS: AcknowledgementsJsonSchema,
  FAILURES_TABLE_NAME: z.string().min(1),
  LIMITS_TABLE_NAME: z.string().min(1),
  /** Idempotency keys live here. */
  OPERATIONS_TABLE_NAME: z.string().min(1),
  BUCKET_NAME: z.string().min(1),
  ENRICH_QUEUE_URL: z.url(),
  EXPRESS_QUEUE_URL: z.url(),
  EXPORTS_QUEUE_URL: z.url(),
  SOURCES: SourcesJsonSchema,
  /** Secrets are `<prefix>/<source id>`. */
  SECRET_PREFIX: z.string().min(1),
  /** What cursors are sealed with; made by the deploy. */
  CURSOR_SECRET_ARN: z.string().min(1),
  /** Products a batch when the caller does not say. */
  BATCH_SIZE: z.union([z.literal("auto"), z.coerce.number().int().min(5).max(50)]),
  /** `false` where the stage fetches no product again by itself. */
  DAILY_REFRESH: z.enum(["true", "false"]),
  DISPATCH_WINDOW_SECONDS: z.coerce.number().int().positive(),
});
export type Env = z.infer<typeof EnvSchema>;
