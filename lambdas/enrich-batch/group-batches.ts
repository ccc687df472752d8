import type { RunOptions } from "../common/core/catalogs/run-options.ts";
import type { ClaimedBatch } from "./claim/claimed-batch.ts";

/** Batches that can be enriched together. */
export interface BatchGroup {
  /** How the products of all of them are fetched; null: their runs were stopped, and nothing is fetched. */
  readonly options: RunOptions | null;
  readonly batches: readonly ClaimedBatch[];
}

/** Groups batches: those whose runs were stopped, and those whose runs fetch products in the same way. */
export const groupBatches = (batches: readonly ClaimedBatch[]): BatchGroup[] => {
  const groups = new Map<string, BatchGroup>();
  for (const batch of batches) {
    const { state, options } = batch.run;
    const isStopped = state === "cancelled" || state === "paused";
    // Batch size says nothing about how a product is fetched.
    const key = isStopped ? "stopped" : JSON.stringify({ ...options, batch_size: 0 });
    const group = groups.get(key) ?? { options: isStopped ? null : options, batches: [] };
    groups.set(key, { ...group, batches: [...group.batches, batch] });
  }
  return [...groups.values()];
};
