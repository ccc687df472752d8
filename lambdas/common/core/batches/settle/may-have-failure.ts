import type { BatchItem } from "../batch-row.ts";

/**
 * Says whether a pending product may have a failure row: it was reopened, or an earlier try failed. A worker that
 * died between writing failures and committing leaves rows of products that never failed.
 */
export const mayHaveFailure = (item: BatchItem): boolean =>
  item.reopened === true || item.attempts > 0 || (item.suspicions ?? 0) > 0 || item.error_code !== undefined;
