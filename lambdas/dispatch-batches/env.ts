import * as z from "zod";
import { BaseEnvSchema } from "../common/core/base-env.ts";
import { SourcesJsonSchema } from "../common/core/sources/source-settings.ts";

/** Environment of `dispatch-batches`. */
export const EnvSchema = BaseEnvSchema.extend({
  STATUS_TABLE_NAME: z.string().min(1),
  /** Products of a batch that cannot be stored fail here. */
  FAILURES_TABLE_NAME: z.string().min(1),
  BUCKET_NAME: z.string().min(1),
  ENRICH_QUEUE_URL: z.url(),
  EXPRESS_QUEUE_URL: z.url(),
  SOURCES: SourcesJsonSchema,
  /** Seconds of upstream capacity kept in flight. */
  DISPATCH_WINDOW_SECONDS: z.coerce.number().int().positive(),
});
export type Env = z.infer<typeof EnvSchema>;
