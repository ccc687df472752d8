import * as z from "zod";
import { BaseEnvSchema } from "../common/core/base-env.ts";
import { ConnectionsAddressSchema } from "../common/core/live/connections-address.ts";

/** Environment of `broadcast-changes`. */
export const EnvSchema = BaseEnvSchema.extend({
  LIVE_TABLE_NAME: z.string().min(1),
  CONNECTIONS_ADDRESS: ConnectionsAddressSchema,
});
export type Env = z.infer<typeof EnvSchema>;
