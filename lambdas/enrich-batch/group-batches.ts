import type { RunOptions } from "../common/core/catalogs/run-options.ts";
import type { ClaimedBatch } from "./claim/claimed-batch.ts";

/** Batches that can be enriched together. */
export interface BatchGroup<Batch extends ClaimedBatch = ClaimedBatch> {
  /** How the products of all of them are fetched; null: their runs were stopped, and nothing is fetched. */
  readonly options: RunOptions | null;
  readonly batches: readonly Batch[];
}

const STOPPED = "stopped";

const keyOf = ({ run: { state, options } }: Pick<ClaimedBatch, "run">): string =>
  // Batch size says nothing about how a product is fetched.
  state === "cancelled" || state === "paused" ? STOPPED : JSON.stringify({ ...options, batch_size: 0 });

/** Whether the products of a batch can be fetched with those of a group, whose first batch is `first`. */
export const fitsGroup = (first: ClaimedBatch, batch: ClaimedBatch): boolean => keyOf(first) === keyOf(batch);

/** Groups batches: those whose runs were stopped, and those whose runs fetch products in the same way. */
export const groupBatches = (batches: readonly ClaimedBatch[]): BatchGroup[] => {
  const groups = new Map<string, BatchGroup>();
  for (const batch of batches) {
    const key = keyOf(batch);
    const group = groups.get(key) ?? { options: key === STOPPED ? null : batch.run.options, batches: [] };
    groups.set(key, { ...group, batches: [...group.batches, batch] });
  }
  return [...groups.values()];
};
