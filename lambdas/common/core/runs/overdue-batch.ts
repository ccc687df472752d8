import type { BatchRow } from "../batches/batch-row.ts";
import { dueShard } from "../batches/reschedule/due-shard.ts";
import { OVERDUE_AFTER_MS, PARKED_RECHECK_MS } from "../batches/reschedule/resume-batch.ts";
import { batchStateOf } from "../batches/settle/batch-state.ts";
import { cancelItem, giveUpItem } from "../batches/settle/settle-item.ts";
import { isoTime } from "../clock.ts";
import { OWN_CODES } from "../sources/failure-codes.ts";
import type { RunRow } from "./run-row.ts";

/** Resends without progress after which a batch is given up. */
export const MAX_RESENDS = 5;

/** What to do with a batch whose `due_at` has passed. */
export type OverdueAction =
  /** Only recheck it later: the run is paused, or somebody works on the batch. */
  | { readonly kind: "postpone"; readonly row: BatchRow }
  /** Resend it with the row's new generation. `stuck`: it had no reason to be late. */
  | { readonly kind: "resend"; readonly row: BatchRow; readonly stuck: boolean }
  /** End it: its run was cancelled, or it made no progress for too long. */
  | { readonly kind: "settle"; readonly row: BatchRow }
  /** Take it off the index: nothing is pending. */
  | { readonly kind: "forget"; readonly row: BatchRow };

const withoutDue = (row: BatchRow): BatchRow => {
  const { due_at: _at, due_shard: _shard, planned: _planned, lease_owner: _owner, lease_until: _until, ...rest } = row;
  return rest;
};

/**
 * A batch that waits by `due_at` alone is resent by us as planned; that is no sign of trouble. Nor is one that was put
 * aside while its run was paused, and that the resume had no time for; but a worker that died with it is.
 */
const isPlanned = (row: BatchRow): boolean =>
  (row.planned === true && row.lease_owner === undefined) ||
  row.items.some(
    (item) => item.state === "pending" && item.next_attempt_at !== undefined && item.next_attempt_at === row.due_at,
  );

/** Judges one overdue batch. Pure; the caller writes the row on the version that it read. */
export const judgeOverdue = (row: BatchRow, run: RunRow, nowMs: number): OverdueAction => {
  const now = isoTime(nowMs);
  if (row.items.every((item) => item.state !== "pending")) return { kind: "forget", row: withoutDue(row) };
  const leaseUntilMs = row.lease_until === undefined ? 0 : Date.parse(row.lease_until);
  // Its holder settles it, even when the run is cancelled: what it has paid for by then counts.
  if (leaseUntilMs > nowMs) return { kind: "postpone", row: { ...row, due_at: isoTime(leaseUntilMs + 60_000) } };
  if (run.state === "cancelled") {
    const items = row.items.map(cancelItem);
    return { kind: "settle", row: { ...withoutDue(row), items, state: batchStateOf(items), updated_at: now } };
  }
  if (run.state === "paused") {
    return { kind: "postpone", row: { ...row, due_at: isoTime(nowMs + PARKED_RECHECK_MS), planned: true } };
  }
  const planned = isPlanned(row);
  const resends = planned ? row.resends : row.resends + 1;
  if (resends > MAX_RESENDS) {
    const items = row.items.map((item) => giveUpItem(item, OWN_CODES.DEAD_LETTERED));
    return { kind: "settle", row: { ...withoutDue(row), items, state: batchStateOf(items), updated_at: now } };
  }
  const { lease_owner: _owner, lease_until: _until, planned: _planned, ...rest } = row;
  return {
    kind: "resend",
    stuck: !planned,
    row: {
      ...rest,
      generation: row.generation + 1,
      resends,
      due_shard: dueShard(row.number),
      due_at: isoTime(nowMs + OVERDUE_AFTER_MS),
      updated_at: now,
    },
  };
};
