import type { BatchRow } from "../../../lambdas/common/core/batches/batch-row.ts";
import { type Account, recount } from "./ledger.ts";

/** `reconcile` looks at what is overdue every minute; a pass may fail, so the next but one must have done it. */
const OVERDUE_MS = 3 * 60_000;
const COUNTED = ["enriched", "failed", "cancelled"] as const;

/** Whether somebody has the batch, or will look at it at a time that the row names. */
const isLookedAfter = (row: BatchRow, nowMs: number): boolean => {
  const until = (time: string | undefined) => (time === undefined ? 0 : Date.parse(time));
  if (row.lease_owner !== undefined && until(row.lease_until) > nowMs) return true;
  return row.due_shard !== undefined && until(row.due_at) > nowMs - OVERDUE_MS;
};

/**
 * What is wrong with a run that is open and does not move: products that nobody has and nobody will come back to, a
 * wait whose status does not say why, or counts that its batches do not bear out.
 * @param account its rows, as read at one moment
 * @returns a sentence for each; none when it waits with a reason or has ended
 */
export const unexplained = (account: Account, nowMs: number): string[] => {
  const { run, batches } = account;
  // A cancelled run stays open until what was in flight is settled.
  if (run.state.startsWith("completed") || (run.state === "cancelled" && run.open_shard === undefined)) return [];
  const counts = recount(account);
  const unsent = run.uploaded - counts.uploaded;
  const wrong: string[] = [];
  for (const name of COUNTED) {
    if (run[name] !== counts[name]) wrong.push(`${name} is ${run[name]}, its batches say ${counts[name]}`);
  }
  if (run.pending !== counts.pending + unsent) {
    wrong.push(`pending is ${run.pending}, its batches say ${counts.pending} and ${unsent} are not sent`);
  }
  if (run.open_shard === undefined) wrong.push("no schedule will come back to it");
  if (unsent > 0 && run.dispatched >= run.batches) wrong.push(`${unsent} products are in no batch, yet all are sent`);
  if (run.state === "waiting_for_source" && !run.blocked_by.some(({ action }) => action !== "")) {
    wrong.push("it waits for a source, but does not say for which");
  }
  for (const row of batches) {
    const isOpen = row.items.some(({ state }) => state === "pending");
    if (isOpen && !isLookedAfter(row, nowMs)) wrong.push(`nobody will come back to ${JSON.stringify(row)}`);
  }
  return wrong;
};
