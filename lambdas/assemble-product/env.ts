import * as z from "zod";
import { BaseEnvSchema } from "../common/core/base-env.ts";

/** Environment of `assemble-product`. */
export const EnvSchema = BaseEnvSchema.extend({
  STAGING_TABLE_NAME: z.string().min(1),
  SHOP_PRODUCTS_TABLE_NAME: z.string().min(1),
  CAPTION_QUEUE_URL: z.url(),
  THUMBNAIL_QUEUE_URL: z.url(),
});
export type Env = z.infer<typeof EnvSchema>;
