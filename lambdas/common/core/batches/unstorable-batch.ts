import { isoTime } from "../clock.ts";
import { OWN_CODES } from "../sources/failure-codes.ts";
import { boundedText } from "../text/bounded-text.ts";
import type { BatchItem, BatchRow } from "./batch-row.ts";
import { resumeBatch } from "./reschedule/resume-batch.ts";
import type { BatchChange } from "./settle/batch-outcome.ts";
import { giveUpItem } from "./settle/settle-item.ts";

/** Bytes that are kept of each foreign text: fifty products with three of them take a tenth of what a row may. */
const MAX_TEXT_BYTES = 256;

const kept = (text: string): string => boundedText(text, MAX_TEXT_BYTES);

const storableItem = ({ sku, request, ...item }: BatchItem): BatchItem => ({
  ...item,
  ...(sku === undefined ? {} : { sku: kept(sku) }),
  ...(request === undefined
    ? {}
    : { request: { ...request, id: kept(request.id), correlation_id: kept(request.correlation_id) } }),
});

/** A batch that the table refused as it was, as it takes it: its foreign texts well-formed and short. */
export const storableBatch = (row: BatchRow): BatchRow => ({
  ...row,
  correlation_id: kept(row.correlation_id),
  items: row.items.map(storableItem),
});

/** Ends a batch whose row was refused: each of its products fails as `UNSTORABLE`. A retry has the row that is stored. */
export const endUnstorable = (row: BatchRow, nowMs: number): BatchChange => {
  const items = row.items.map((item) => giveUpItem(item, OWN_CODES.UNSTORABLE));
  const { before, after } = resumeBatch(row, items, nowMs);
  return { before, after: { ...after, work_began_at: isoTime(nowMs) } };
};
