import type { BatchItem } from "../batch-row.ts";
import type { BatchState } from "../batch-states.ts";

/** State of a batch with these items: `queued` while any product is pending, else how its products ended. */
export const batchStateOf = (items: readonly BatchItem[]): BatchState => {
  if (items.some((item) => item.state === "pending")) return "queued";
  if (items.some((item) => item.state === "cancelled")) return "cancelled";
  return items.some((item) => item.state === "failed") ? "completed_with_failures" : "completed";
};
