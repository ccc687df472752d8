import * as z from "zod";
import { BaseEnvSchema } from "../common/core/base-env.ts";
import { LetterSourcesJsonSchema } from "../common/core/dead-letters/letter-queues.ts";

/** Environment of `handle-dead-letters`. */
export const EnvSchema = BaseEnvSchema.extend({
  DEAD_LETTERS_TABLE_NAME: z.string().min(1),
  /** Every dead-letter queue of the stage, with the queue that its messages go back to. */
  LETTER_SOURCES: LetterSourcesJsonSchema,
  /** Address of one queue: those of the others differ in the name only. */
  ENRICH_QUEUE_URL: z.url(),
  /** The tables whose rows say what came of a message. */
  STATUS_TABLE_NAME: z.string().min(1),
  OPERATIONS_TABLE_NAME: z.string().min(1),
  REFRESH_JOBS_TABLE_NAME: z.string().min(1),
  STAGING_TABLE_NAME: z.string().min(1),
  SHOP_PRODUCTS_TABLE_NAME: z.string().min(1),
  WEBHOOKS_TABLE_NAME: z.string().min(1),
});
export type Env = z.infer<typeof EnvSchema>;
