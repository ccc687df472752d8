import { isoTime } from "../../clock.ts";
import type { BatchItem, BatchRow } from "../batch-row.ts";
import type { BatchOutcome } from "../settle/batch-outcome.ts";
import { resumeBatch } from "./resume-batch.ts";

/** Which failed products to reopen; absent: all of them. Both given: those that match both. */
export interface FailedSelection {
  readonly errorCodes?: readonly string[] | undefined;
  readonly asins?: readonly string[] | undefined;
  /** Mark of the trial that reopens them. One that bears it already was tried, and is left alone. */
  readonly trial?: string | undefined;
}

/** Says whether a failed item is meant. */
export const isSelected = (item: BatchItem, { errorCodes, asins, trial }: FailedSelection): boolean =>
  item.state === "failed" &&
  (trial === undefined || item.trial !== trial) &&
  (errorCodes === undefined || errorCodes.includes(item.error_code ?? "InternalError")) &&
  (asins === undefined || asins.includes(item.asin));

/**
 * Reopens the selected failed products of a batch as if they had never been tried. They are due at `atMs`, and the
 * row with them, so that `reconcile` resends it then even if its message never comes.
 */
export const reopenBatch = (row: BatchRow, selection: FailedSelection, atMs: number, nowMs: number): BatchOutcome => {
  const at = isoTime(atMs);
  const items = row.items.map((item): BatchItem => {
    if (!isSelected(item, selection)) return item;
    // Not parked, however far ahead: it has its place in the line of the first source.
    const { error_code: _code, error_source: _source, suspicions: _suspicions, ...open } = item;
    const { parked: _parked, held_by: _held, trial: _trial, ...clean } = open;
    return {
      ...clean,
      state: "pending",
      attempts: 0,
      next_attempt_at: at,
      reopened: true,
      reopened_at: isoTime(nowMs),
      ...(selection.trial === undefined ? {} : { trial: selection.trial }),
    };
  });
  const resumed = resumeBatch(row, items, nowMs);
  return resumed.after.due_at !== undefined && resumed.after.due_at > at
    ? { ...resumed, after: { ...resumed.after, due_at: at } }
    : resumed;
};
