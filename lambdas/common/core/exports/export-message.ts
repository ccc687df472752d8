import * as z from "zod";
import { ExportIdSchema } from "./export-job.ts";

/** Message v1 on the `exports` queue: it points to one export. What is done is decided by its row alone. */
export const ExportMessageSchema = z.object({
  version: z.literal(1),
  export_id: ExportIdSchema,
  catalog_id: z.string().min(1),
  user_id: z.string().min(1),
  correlation_id: z.string().min(1),
  /** Deliveries of the messages that this one replaces since the last pass that succeeded. Absent means none. */
  earlier_deliveries: z.number().int().min(0).optional(),
});
export type ExportMessage = z.infer<typeof ExportMessageSchema>;
