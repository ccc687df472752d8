import * as z from "zod";
import { BaseEnvSchema } from "../common/core/base-env.ts";
import { SourcesJsonSchema } from "../common/core/sources/source-settings.ts";

/** Environment of `accept-requests`. */
export const EnvSchema = BaseEnvSchema.extend({
  REQUESTS_QUEUE_URL: z.url(),
  EVENT_BUS_NAME: z.string().min(1),
  /** What operators set for shops. */
  MARKETPLACES_TABLE_NAME: z.string().min(1),
  STATUS_TABLE_NAME: z.string().min(1),
  /** Products of a batch that cannot be stored fail here. */
  FAILURES_TABLE_NAME: z.string().min(1),
  /** Which requests were accepted is remembered here. */
  OPERATIONS_TABLE_NAME: z.string().min(1),
  BUCKET_NAME: z.string().min(1),
  ENRICH_QUEUE_URL: z.url(),
  EXPRESS_QUEUE_URL: z.url(),
  SOURCES: SourcesJsonSchema,
  /** Seconds of upstream capacity kept in flight. */
  DISPATCH_WINDOW_SECONDS: z.coerce.number().int().positive(),
});
export type Env = z.infer<typeof EnvSchema>;
