import type * as z from "zod";
import type { Log } from "../../../platform/logger.ts";

/** A row of the status table that does not have the shape of its kind, so that nothing can be done with it. */
export interface UnreadableRow {
  readonly catalog_id: string;
  readonly batch_id: string;
  /** What does not fit. */
  readonly error: Error;
}

/** Called with every row that a list skips: one bad row must not keep the others from being processed. */
export type OnUnreadable = (row: UnreadableRow) => void;

/** The rows that have their shape; `onUnreadable` is called with each of the others. */
export const readableRows = <Schema extends z.ZodType>(
  schema: Schema,
  items: readonly Readonly<Record<string, unknown>>[],
  onUnreadable: OnUnreadable,
): z.output<Schema>[] =>
  items.flatMap((item) => {
    const parsed = schema.safeParse(item);
    if (parsed.success) return [parsed.data];
    onUnreadable({ catalog_id: String(item.catalog_id), batch_id: String(item.batch_id), error: parsed.error });
    return [];
  });

/**
 * Logs each unreadable row once in the life of a function instance, which may meet it in every call. For functions whose
 * own work it is not: `reconcile` meets the same row every minute, counts it, and rings.
 */
export const logUnreadable = (log: Pick<Log, "error">): OnUnreadable => {
  const known = new Set<string>();
  return ({ catalog_id, batch_id, error }) => {
    if (known.has(batch_id)) return;
    known.add(batch_id);
    log.error("a row that cannot be read is passed over", { catalog_id, batch_id, error: error.message });
  };
};
