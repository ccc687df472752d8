import * as z from "zod";

/** Message of the `refresh` queue. The row decides; the products are there for a person who reads a dead-letter queue. */
export const RefreshMessageSchema = z.object({
  version: z.literal(1),
  refresh_date: z.iso.date(),
  job_id: z.string().min(1).max(40),
  generation: z.number().int().min(1),
  marketplace: z.string(),
  products: z.array(z.object({ asin: z.string() })),
});
export type RefreshMessage = z.infer<typeof RefreshMessageSchema>;
