import * as z from "zod";
import { BaseEnvSchema } from "../common/core/base-env.ts";
import { AcknowledgementsJsonSchema } from "../common/core/licences/acknowledgements.ts";

/** Environment of `publish-events`. */
export const EnvSchema = BaseEnvSchema.extend({
  PRODUCTS_TABLE_NAME: z.string().min(1),
  /** Where it stands which sources are revoked. */
  CONTENT_ENDS_TABLE_NAME: z.string().min(1),
  HISTORY_TABLE_NAME: z.string().min(1),
  FAILURES_TABLE_NAME: z.string().min(1),
  EVENT_BUS_NAME: z.string().min(1),
  /** Queue of webhooks; `off` where the stage has none. */
  WEBHOOKS_QUEUE_URL: z.union([z.literal("off"), z.url()]),
  LICENCE_ACKNOWLEDGEMENTS: AcknowledgementsJsonSchema,
});
export type Env = z.infer<typeof EnvSchema>;
