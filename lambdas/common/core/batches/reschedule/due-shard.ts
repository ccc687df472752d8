/** Partitions of the sparse `due-batches` index, so that no one of them grows hot. */
export const DUE_SHARDS = 8;

/** Shard of a batch, from its number: `"0"` to `"7"`. */
export const dueShard = (batchNumber: number): string => String(batchNumber % DUE_SHARDS);
