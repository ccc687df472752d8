import type { BatchItem } from "../batch-row.ts";

/** Says whether an item is to be worked on at `nowMs`: it is pending, and its next attempt does not lie ahead. */
export const isItemDue = (item: BatchItem, nowMs: number): boolean =>
  item.state === "pending" && (item.next_attempt_at === undefined || Date.parse(item.next_attempt_at) <= nowMs);
