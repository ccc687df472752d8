import * as z from "zod";
import { BaseEnvSchema } from "../common/core/base-env.ts";

/** Environment of `shop-api`. */
export const EnvSchema = BaseEnvSchema.extend({ SHOP_PRODUCTS_TABLE_NAME: z.string().min(1) });
export type Env = z.infer<typeof EnvSchema>;
