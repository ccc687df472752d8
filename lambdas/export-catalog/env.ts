import * as z from "zod";
import { BaseEnvSchema } from "../common/core/base-env.ts";
import { AcknowledgementsJsonSchema } from "../common/core/licences/acknowledgements.ts";

/** Environment of `export-catalog`. */
export const EnvSchema = BaseEnvSchema.extend({
  STATUS_TABLE_NAME: z.string().min(1),
  PRODUCTS_TABLE_NAME: z.string().min(1),
  /** Rules of licences that the owner of the stage lifts. */
  LICENCE_ACKNOWLEDGEMENTS: AcknowledgementsJsonSchema,
  /** Where it is noted when an export ends. */
  CONTENT_ENDS_TABLE_NAME: z.string().min(1),
  OPERATIONS_TABLE_NAME: z.string().min(1),
  /** Views are counted there. */
  REFRESH_DEMAND_TABLE_NAME: z.string().min(1),
  BUCKET_NAME: z.string().min(1),
  /** The queue that this function reads, and on which it continues itself. */
  EXPORTS_QUEUE_URL: z.url(),
  /** Deliveries before a message goes to the DLQ; at the last one the export is said to have failed. */
  MAX_RECEIVE_COUNT: z.coerce.number().int().positive(),
});
export type Env = z.infer<typeof EnvSchema>;
