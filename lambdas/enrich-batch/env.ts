import * as z from "zod";
import { BaseEnvSchema, MAX_FUNCTION_SECONDS } from "../common/core/base-env.ts";
import { AcknowledgementsJsonSchema } from "../common/core/licences/acknowledgements.ts";
import { SourcesJsonSchema } from "../common/core/sources/source-settings.ts";

/** Environment of `enrich-batch`. */
export const EnvSchema = BaseEnvSchema.extend({
  /** What operators set for shops. */
  MARKETPLACES_TABLE_NAME: z.string().min(1),
  STATUS_TABLE_NAME: z.string().min(1),
  PRODUCTS_TABLE_NAME: z.string().min(1),
  /** Rules of licences that the owner of the stage lifts. */
  LICENCE_ACKNOWLEDGEMENTS: AcknowledgementsJsonSchema,
  /** Where it is noted when content ends. */
  CONTENT_ENDS_TABLE_NAME: z.string().min(1),
  FAILURES_TABLE_NAME: z.string().min(1),
  LIMITS_TABLE_NAME: z.string().min(1),
  BUCKET_NAME: z.string().min(1),
  ENRICH_QUEUE_URL: z.url(),
  EXPRESS_QUEUE_URL: z.url(),
  /** Which products that ended have events, which runs are charged for. */
  PRODUCT_EVENTS: z.enum(["all", "requested"]),
  /** `bulk` on the `enrich` queue, `express` on the `enrich-express` queue. */
  PRIORITY: z.enum(["bulk", "express"]),
  SOURCES: SourcesJsonSchema,
  /** Name of every request to an upstream. */
  USER_AGENT: z.string().min(1),
  /** Secrets are `<prefix>/<source id>`. */
  SECRET_PREFIX: z.string().min(1),
  UPSTREAM_TIMEOUT_MS: z.coerce.number().int().positive(),
  FUNCTION_TIMEOUT_SECONDS: z.coerce.number().int().min(60).max(MAX_FUNCTION_SECONDS),
  /** Seconds of upstream capacity kept in flight. */
  DISPATCH_WINDOW_SECONDS: z.coerce.number().int().positive(),
});
export type Env = z.infer<typeof EnvSchema>;
