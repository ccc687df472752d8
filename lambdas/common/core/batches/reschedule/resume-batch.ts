import { isoTime } from "../../clock.ts";
import type { BatchItem, BatchRow } from "../batch-row.ts";
import { MAX_MESSAGE_DELAY_SECONDS } from "../message-delay.ts";
import type { BatchOutcome } from "../settle/batch-outcome.ts";
import { batchStateOf } from "../settle/batch-state.ts";
import { dueShard } from "./due-shard.ts";

/** How long after a batch message is due `reconcile` checks whether it did anything. */
export const OVERDUE_AFTER_MS = 20 * 60_000;
/** How long `reconcile` leaves a batch of a paused run, or one under a live lease, alone; resuming the run sends its message at once. */
export const PARKED_RECHECK_MS = 15 * 60_000;

const withoutLease = (row: BatchRow): BatchRow => {
  const { lease_owner: _owner, lease_until: _until, due_at: _due, due_shard: _shard, planned: _planned, ...rest } = row;
  return rest;
};

/**
 * Ends the work of one invocation on a batch. With every product settled the row leaves the due index. Otherwise the
 * batch comes back: generation + 1, by a delayed message when it is due within 15 minutes, else by `due_at` alone.
 * @param notBeforeMs earliest time of its next try, although its products may be due before. @default nowMs
 */
export const resumeBatch = (
  row: BatchRow,
  items: readonly BatchItem[],
  nowMs: number,
  notBeforeMs = nowMs,
): BatchOutcome => {
  const base: BatchRow = {
    ...withoutLease(row),
    items: [...items],
    state: batchStateOf(items),
    // Somebody worked on it, so it is not stuck, however long its products may wait.
    resends: 0,
    updated_at: isoTime(nowMs),
  };
  const due = items
    .filter((item) => item.state === "pending")
    .map((item) => (item.next_attempt_at ? Date.parse(item.next_attempt_at) : nowMs));
  if (due.length === 0) return { before: row, after: base, resendAfterMs: null };
  const ownMs = Math.min(...due);
  const resumeAtMs = Math.max(nowMs, notBeforeMs, ownMs);
  const delayMs = resumeAtMs - nowMs;
  const byMessage = delayMs <= MAX_MESSAGE_DELAY_SECONDS * 1_000;
  return {
    before: row,
    after: {
      ...base,
      generation: row.generation + 1,
      due_shard: dueShard(row.number),
      due_at: isoTime(byMessage ? resumeAtMs + OVERDUE_AFTER_MS : resumeAtMs),
      ...(byMessage || resumeAtMs === ownMs ? {} : { planned: true }),
    },
    resendAfterMs: byMessage ? delayMs : null,
  };
};
