import * as z from "zod";
import type { BatchItem, BatchRow } from "../../../common/core/batches/batch-row.ts";
import { batchRange } from "../../../common/core/batches/partition/batch-range.ts";
import type { CatalogSegment } from "../../../common/core/catalogs/catalog-segment.ts";
import { ListPositionSchema } from "../../../common/core/list-page.ts";
import type { RunRow } from "../../../common/core/runs/run-row.ts";
import type { ReadProductRows } from "../../catalog-reads.ts";
import type { Deps } from "../../deps.ts";

/** Where reading a catalog's items continues: in its batches, after number `after`, or in the rows that no batch holds yet. */
export const ItemPositionSchema = z.union([
  z.object({ in: z.literal("batches"), position: ListPositionSchema, after: z.number().int().min(0) }),
  z.object({ in: z.literal("rows"), segment: z.number().int().min(0), from: z.number().int().min(0) }),
]);
export type ItemPosition = z.infer<typeof ItemPositionSchema>;

/** One product of a catalog as its run sees it. */
export interface CatalogItem extends Pick<BatchItem, "asin" | "state"> {
  readonly marketplace: string;
  readonly sku?: string | undefined;
  readonly error_code?: string | undefined;
  readonly source?: BatchItem["source"];
}

/** Batches a chunk; fixed, so that a position within a chunk means the same the next time. */
const BATCHES_PER_CHUNK = 4;
const ROWS_PER_CHUNK = 100;

const readRows = async (
  readProductRows: ReadProductRows,
  segments: readonly CatalogSegment[],
  at: { readonly segment: number; readonly from: number },
  state: "pending" | "cancelled",
): Promise<{ items: CatalogItem[]; next?: ItemPosition }> => {
  const segment = segments[at.segment];
  if (!segment) return { items: [] };
  const count = Math.max(0, Math.min(ROWS_PER_CHUNK, segment.products - at.from));
  const rows = count === 0 ? [] : await readProductRows(segment, at.from, count);
  const items = rows.map((row) => ({ ...row, marketplace: segment.marketplace, state }));
  const from = at.from + count;
  if (from < segment.products) return { items, next: { in: "rows", segment: at.segment, from } };
  if (at.segment + 1 >= segments.length) return { items };
  return { items, next: { in: "rows", segment: at.segment + 1, from: 0 } };
};

/**
 * Items of batches in order. The sender writes several batches at once, so one may be missing before others that are
 * there: its products are the rows that it is made of.
 */
const itemsOf = async (
  readProductRows: ReadProductRows,
  run: RunRow,
  batches: readonly BatchRow[],
  after: number,
  unsent: "pending" | "cancelled",
): Promise<CatalogItem[]> => {
  const items: CatalogItem[] = [];
  let next = after + 1;
  for (const batch of batches) {
    for (; next < batch.number; next += 1) {
      const { segment, from, count } = batchRange(run.segments, run.options.batch_size, next);
      const rows = await readProductRows(segment, from, count);
      items.push(...rows.map((row) => ({ ...row, marketplace: segment.marketplace, state: unsent })));
    }
    items.push(...batch.items.map((item) => ({ ...item, marketplace: batch.marketplace })));
    next = batch.number + 1;
  }
  return items;
};

/** First row that no batch up to `number` holds; undefined when the batches hold all of them. */
const rowsAfterBatch = (run: RunRow, number: number): ItemPosition | undefined => {
  if (number >= run.batches) return undefined;
  const { segment, from } = batchRange(run.segments, run.options.batch_size, number + 1);
  return { in: "rows", segment: run.segments.indexOf(segment), from };
};

/**
 * Reads the next chunk of a catalog's items in the order of its batches; those not sent follow as pending, or cancelled.
 * What a chunk holds may move to the next one while batches are written, but the order of all items never changes.
 * @param at undefined: from the start
 * @returns `next` absent at the end
 */
export const readCatalogItems = async (
  deps: Pick<Deps, "runs" | "readProductRows">,
  catalog: { readonly catalog_id: string; readonly segments: readonly CatalogSegment[] },
  run: RunRow | undefined,
  at: ItemPosition | undefined,
): Promise<{ readonly items: readonly CatalogItem[]; readonly next?: ItemPosition }> => {
  const segments = run?.segments ?? catalog.segments;
  const unsent = run?.state === "cancelled" ? "cancelled" : "pending";
  if (at?.in === "rows") return readRows(deps.readProductRows, segments, at, unsent);
  if (!run) return readRows(deps.readProductRows, segments, { segment: 0, from: 0 }, unsent);
  const page = await deps.runs.listBatches(catalog.catalog_id, run.batch_id, {
    limit: BATCHES_PER_CHUNK,
    after: at?.position,
  });
  const after = at ? at.after : 0;
  const items = await itemsOf(deps.readProductRows, run, page.items, after, unsent);
  const last = page.items.at(-1)?.number ?? after;
  if (page.next !== undefined) return { items, next: { in: "batches", position: page.next, after: last } };
  const rest = rowsAfterBatch(run, last);
  return rest ? { items, next: rest } : { items };
};
