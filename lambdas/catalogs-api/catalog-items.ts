import * as z from "zod";
import { batchRange } from "../core/batch-range.ts";
import type { BatchItem, CatalogSegment, RunRow } from "../core/status-rows.ts";
import type { Catalogs, ReadProductRows } from "./deps.ts";

/** Where reading a catalog's items goes on: in its batches, or in the rows that no batch holds yet. */
export const ItemPositionSchema = z.union([
  z.object({ in: z.literal("batches"), cursor: z.string().optional() }),
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
const BATCHES_A_CHUNK = 4;
const ROWS_A_CHUNK = 100;

const readRows = async (
  readProductRows: ReadProductRows,
  segments: readonly CatalogSegment[],
  at: { readonly segment: number; readonly from: number },
  state: "pending" | "cancelled",
): Promise<{ items: CatalogItem[]; next?: ItemPosition }> => {
  const segment = segments[at.segment];
  if (!segment) return { items: [] };
  const count = Math.max(0, Math.min(ROWS_A_CHUNK, segment.products - at.from));
  const rows = count === 0 ? [] : await readProductRows(segment, at.from, count);
  const items = rows.map((row) => ({ ...row, marketplace: segment.marketplace, state }));
  const from = at.from + count;
  if (from < segment.products) return { items, next: { in: "rows", segment: at.segment, from } };
  if (at.segment + 1 >= segments.length) return { items };
  return { items, next: { in: "rows", segment: at.segment + 1, from: 0 } };
};

/** First row that no batch up to `number` holds; undefined when the batches hold all of them. */
const rowsAfterBatch = (run: RunRow, number: number): ItemPosition | undefined => {
  if (number >= run.batches) return undefined;
  const { segment, from } = batchRange(run.segments, run.options.batch_size, number + 1);
  return { in: "rows", segment: run.segments.indexOf(segment), from };
};

/**
 * Reads the next chunk of a catalog's items in the order of its batches; those not sent follow as pending, or cancelled.
 * @param at undefined: from the start
 * @returns `next` absent at the end
 */
export const readCatalogItems = async (
  deps: { readonly catalogs: Pick<Catalogs, "listBatches">; readonly readProductRows: ReadProductRows },
  catalog: { readonly catalog_id: string; readonly segments: readonly CatalogSegment[] },
  run: RunRow | undefined,
  at: ItemPosition | undefined,
): Promise<{ readonly items: readonly CatalogItem[]; readonly next?: ItemPosition }> => {
  const segments = run?.segments ?? catalog.segments;
  const unsent = run?.state === "cancelled" ? "cancelled" : "pending";
  if (at?.in === "rows") return readRows(deps.readProductRows, segments, at, unsent);
  if (!run) return readRows(deps.readProductRows, segments, { segment: 0, from: 0 }, unsent);
  const page = await deps.catalogs.listBatches(catalog.catalog_id, run.batch_id, {
    limit: BATCHES_A_CHUNK,
    cursor: at?.cursor,
  });
  const items = page.items.flatMap((batch) => batch.items.map((item) => ({ ...item, marketplace: batch.marketplace })));
  if (page.next_cursor !== undefined) return { items, next: { in: "batches", cursor: page.next_cursor } };
  const last = page.items.at(-1);
  // An empty last page says nothing about numbers; the run row then knows how far the batches go.
  const rest = rowsAfterBatch(run, last?.number ?? run.dispatched);
  return rest ? { items, next: rest } : { items };
};
