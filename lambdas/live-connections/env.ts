import * as z from "zod";
import { BaseEnvSchema } from "../common/core/base-env.ts";
import { ConnectionsAddressSchema } from "../common/core/live/connections-address.ts";

/** Environment of `live-connections`. */
export const EnvSchema = BaseEnvSchema.extend({
  /** Where it is asked whether the user of a connection is still there. */
  USER_POOL_ID: z.string().min(1),
  STATUS_TABLE_NAME: z.string().min(1),
  LIVE_TABLE_NAME: z.string().min(1),
  /** Tickets live here. */
  OPERATIONS_TABLE_NAME: z.string().min(1),
  CONNECTIONS_ADDRESS: ConnectionsAddressSchema,
  /** Origins whose pages may connect, separated by blanks; clients that are no browsers send none. */
  ALLOWED_ORIGINS: z.string().transform((text) => text.split(" ").filter((origin) => origin !== "")),
});
export type Env = z.infer<typeof EnvSchema>;
