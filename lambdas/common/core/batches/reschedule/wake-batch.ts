import { isoTime } from "../../clock.ts";
import type { BatchItem, BatchRow } from "../batch-row.ts";
import type { BatchOutcome } from "../settle/batch-outcome.ts";
import { isItemDue } from "./is-item-due.ts";
import { resumeBatch } from "./resume-batch.ts";

/** How long after its time a woken batch is sent once more, by plan: its message may never have been sent. */
const SENT_AGAIN_AFTER_MS = 2 * 60_000;

const isHeldBy = ({ held_by = [] }: BatchItem, limitKeys: ReadonlySet<string>): boolean =>
  held_by.some((key) => limitKeys.has(key));

/** Which of these limit keys hold products of a batch up, as far as the row says. */
export const holdsOf = (row: BatchRow, limitKeys: ReadonlySet<string>): string[] => [
  ...new Set(row.items.flatMap(({ held_by = [] }) => held_by.filter((key) => limitKeys.has(key)))),
];

/**
 * The batch with the products due that an open breaker held up; the others keep their times. It comes by a message of its
 * own generation, so that the one which was to come later is dropped. Undefined when all that was held is due by itself.
 * @param limitKeys keys whose breaker holds nothing up any more
 * @param notBeforeMs time at which it is sent, so that batches which are woken together do not come all at once
 */
export const wakeBatch = (
  row: BatchRow,
  limitKeys: ReadonlySet<string>,
  nowMs: number,
  notBeforeMs: number,
): BatchOutcome | undefined => {
  if (!row.items.some((item) => isHeldBy(item, limitKeys) && !isItemDue(item, nowMs))) return undefined;
  const items = row.items.map((item): BatchItem => {
    if (!isHeldBy(item, limitKeys)) return item;
    const { held_by: _held, ...rest } = item;
    return { ...rest, next_attempt_at: isoTime(nowMs) };
  });
  const resumed = resumeBatch(row, items, nowMs, notBeforeMs);
  // Nobody worked on it: what is known of a batch that makes no progress stays.
  const after = { ...resumed.after, resends: row.resends };
  if (resumed.resendAfterMs === null) return { ...resumed, after };
  const due_at = isoTime(nowMs + resumed.resendAfterMs + SENT_AGAIN_AFTER_MS);
  return { ...resumed, after: { ...after, due_at, planned: true } };
};
