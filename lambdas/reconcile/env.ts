import * as z from "zod";
import { BaseEnvSchema } from "../common/core/base-env.ts";
import { SourcesJsonSchema } from "../common/core/sources/source-settings.ts";

/** Environment of `reconcile`. */
export const EnvSchema = BaseEnvSchema.extend({
  STATUS_TABLE_NAME: z.string().min(1),
  FAILURES_TABLE_NAME: z.string().min(1),
  LIMITS_TABLE_NAME: z.string().min(1),
  SOURCES: SourcesJsonSchema,
  BUCKET_NAME: z.string().min(1),
  ENRICH_QUEUE_URL: z.url(),
  EXPRESS_QUEUE_URL: z.url(),
  INGEST_QUEUE_URL: z.url(),
  FUNCTION_TIMEOUT_SECONDS: z.coerce.number().int().positive(),
});
export type Env = z.infer<typeof EnvSchema>;
