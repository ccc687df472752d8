import * as z from "zod";
import { AsinSchema } from "../products/asin.ts";

/**
 * Message v1 on the `enrich` and `enrich-express` queues: it points to one batch row. It carries the products
 * so that a person can read it in a dead-letter queue; what is done is decided by the row alone.
 */
export const BatchMessageSchema = z.object({
  version: z.literal(1),
  catalog_id: z.string().min(1),
  tracking_id: z.string().min(1),
  /** `<tracking_id>#0000001`, the sort key of the batch row. */
  batch_id: z.string().min(1),
  /** Counts the messages for the batch from 1; an older one than the row's is dropped. */
  generation: z.number().int().positive(),
  user_id: z.string().min(1),
  marketplace: z.string().min(1),
  products: z
    .array(z.object({ asin: AsinSchema, sku: z.string().optional() }))
    .min(1)
    .max(50),
  correlation_id: z.string().min(1),
});
export type BatchMessage = z.infer<typeof BatchMessageSchema>;
