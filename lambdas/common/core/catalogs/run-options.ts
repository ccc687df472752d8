import * as z from "zod";
import { SourceIdSchema } from "../source-ids.ts";

/** How a run treats its products; fixed when it starts. */
export const RunOptionsSchema = z.object({
  /** Source to ask first; null: the stage's order. */
  provider: SourceIdSchema.nullable(),
  /** Whether later sources may fill what the first left open. */
  fallback: z.boolean(),
  /** Whether products that are still fresh are fetched again. */
  force: z.boolean(),
  include_variations: z.boolean(),
  /** Whether the products stay fresh by the daily refresh afterwards. */
  refresh_daily: z.boolean(),
  /** Products a batch, 5 to 50. */
  batch_size: z.number().int().min(5).max(50),
});
export type RunOptions = z.infer<typeof RunOptionsSchema>;
