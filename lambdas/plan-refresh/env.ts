import * as z from "zod";
import { BaseEnvSchema } from "../common/core/base-env.ts";
import { AcknowledgementsJsonSchema } from "../common/core/licences/acknowledgements.ts";
import { SourcesJsonSchema } from "../common/core/sources/source-settings.ts";

/** Environment of `plan-refresh`. */
export const EnvSchema = BaseEnvSchema.extend({
  /** What operators set for shops. */
  MARKETPLACES_TABLE_NAME: z.string().min(1),
  PRODUCTS_TABLE_NAME: z.string().min(1),
  CONTENT_ENDS_TABLE_NAME: z.string().min(1),
  LICENCE_ACKNOWLEDGEMENTS: AcknowledgementsJsonSchema,
  LIMITS_TABLE_NAME: z.string().min(1),
  REFRESH_JOBS_TABLE_NAME: z.string().min(1),
  REFRESH_DEMAND_TABLE_NAME: z.string().min(1),
  REFRESH_QUEUE_URL: z.url(),
  SOURCES: SourcesJsonSchema,
  /** Secrets are `<prefix>/<source id>`. */
  SECRET_PREFIX: z.string().min(1),
});
export type Env = z.infer<typeof EnvSchema>;
