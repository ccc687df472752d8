import type { BatchRow } from "./batch-row.ts";

/** Whether nobody works on a batch: it has no lease, or one that is over. @param now ISO 8601 */
export const isUnleased = ({ lease_until }: Pick<BatchRow, "lease_until">, now: string): boolean =>
  lease_until === undefined || lease_until < now;
