import * as z from "zod";

/** Where a list continues: the key of the last item that was read, or another position that its reader understands. */
export const ListPositionSchema = z.record(z.string(), z.union([z.string(), z.number()]));
export type ListPosition = z.infer<typeof ListPositionSchema>;

/** Items that are read together when a filter may drop some: what one call reads of a table. */
export const READ_AHEAD_ITEMS = 100;

/** One page of a list; `next` is absent on the last. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next?: ListPosition;
}

/** What a caller may ask of a list: `limit` items (1 to 100) after a position; absent: from the start. */
export interface PageRequest {
  readonly limit: number;
  readonly after?: ListPosition | undefined;
}

/** A page from what a query read and the key at which it stopped, which is absent at the end. */
export const pageAfter = <T>(items: readonly T[], lastKey: unknown): Page<T> =>
  lastKey === undefined ? { items } : { items, next: ListPositionSchema.parse(lastKey) };
