import * as z from "zod";
import { BaseEnvSchema } from "../common/core/base-env.ts";
import { AcknowledgementsJsonSchema } from "../common/core/licences/acknowledgements.ts";
import { SourcesJsonSchema } from "../common/core/sources/source-settings.ts";

/** Environment of `refresh-products`. */
export const EnvSchema = BaseEnvSchema.extend({
  /** What operators set for shops. */
  MARKETPLACES_TABLE_NAME: z.string().min(1),
  PRODUCTS_TABLE_NAME: z.string().min(1),
  CONTENT_ENDS_TABLE_NAME: z.string().min(1),
  LICENCE_ACKNOWLEDGEMENTS: AcknowledgementsJsonSchema,
  LIMITS_TABLE_NAME: z.string().min(1),
  REFRESH_JOBS_TABLE_NAME: z.string().min(1),
  REFRESH_DEMAND_TABLE_NAME: z.string().min(1),
  /** The queue that this function reads, and on which it continues itself. */
  REFRESH_QUEUE_URL: z.url(),
  /** Raw answers go there. */
  BUCKET_NAME: z.string().min(1),
  SOURCES: SourcesJsonSchema,
  /** Secrets are `<prefix>/<source id>`. */
  SECRET_PREFIX: z.string().min(1),
  /** What upstreams see of who calls. */
  USER_AGENT: z.string().min(1),
  UPSTREAM_TIMEOUT_MS: z.coerce.number().int().positive(),
});
export type Env = z.infer<typeof EnvSchema>;
