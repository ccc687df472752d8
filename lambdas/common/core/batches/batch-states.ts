import * as z from "zod";

/** State of a batch: open ones are `pending`, `queued` or `running`. */
export const BatchStateSchema = z.enum([
  "pending",
  "queued",
  "running",
  "completed",
  "completed_with_failures",
  "cancelled",
]);
export type BatchState = z.infer<typeof BatchStateSchema>;

/** State of one product of a batch. */
export const ItemStateSchema = z.enum(["pending", "enriched", "failed", "cancelled"]);
export type ItemState = z.infer<typeof ItemStateSchema>;
