import * as z from "zod";
import { BaseEnvSchema } from "../common/core/base-env.ts";
import { AllowedAddressesJsonSchema } from "../common/core/webhooks/allowed-addresses.ts";

/** Environment of `deliver-webhooks`. */
export const EnvSchema = BaseEnvSchema.extend({
  WEBHOOKS_TABLE_NAME: z.string().min(1),
  /** Where it is asked whether the owner of an endpoint is still there. */
  USER_POOL_ID: z.string().min(1),
  WEBHOOKS_QUEUE_URL: z.url(),
  /** What the secrets of endpoints are encrypted with. */
  WEBHOOK_KEY_ARN: z.string().min(1),
  WEBHOOK_ALLOWED_ADDRESSES: AllowedAddressesJsonSchema,
  /** Name of every call. */
  USER_AGENT: z.string().min(1),
});
export type Env = z.infer<typeof EnvSchema>;
