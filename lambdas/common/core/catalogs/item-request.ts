import * as z from "zod";

/** The request that a product is enriched for, when one came as an event. */
export const ItemRequestSchema = z.object({
  /** Id that its sender gave; it is in every event about the product. */
  id: z.string(),
  /** How often the sender had asked before. */
  retry_count: z.number().int().min(0),
  correlation_id: z.string(),
});
export type ItemRequest = z.infer<typeof ItemRequestSchema>;
