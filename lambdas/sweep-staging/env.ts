import * as z from "zod";
import { BaseEnvSchema } from "../common/core/base-env.ts";

/** Environment of `sweep-staging`. */
export const EnvSchema = BaseEnvSchema.extend({
  STAGING_TABLE_NAME: z.string().min(1),
  SHOP_PRODUCTS_TABLE_NAME: z.string().min(1),
});
export type Env = z.infer<typeof EnvSchema>;
