import * as z from "zod";
import { BaseEnvSchema } from "../common/core/base-env.ts";

/** Environment of `authorize-requests`. */
export const EnvSchema = BaseEnvSchema.extend({
  ACCESS_TABLE_NAME: z.string().min(1),
  USER_POOL_ID: z.string().min(1),
  USER_POOL_CLIENT_ID: z.string().min(1),
  /** Where the pool's public keys are; a path where the endpoint is an emulator's. */
  JWKS_ADDRESS: z.string().regex(/^(?:https:\/\/|\/)/),
});
export type Env = z.infer<typeof EnvSchema>;
