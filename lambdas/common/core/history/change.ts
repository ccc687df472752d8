import * as z from "zod";
import { isoTime } from "../clock.ts";
import type { LicenceBook } from "../licences/licence-book.ts";
import { EXPIRED } from "../licences/without-ended.ts";
import { isGiven } from "../products/critical-fields.ts";
import type { Product } from "../products/product.ts";
import { type SourceId, SourceIdSchema } from "../source-ids.ts";
import { HISTORY_FIELDS, type HistoryField, HistoryFieldSchema } from "./history-fields.ts";

/** What was known of a field from a time on; all null: nothing that may be recorded. */
const KnownSchema = z.object({
  value: z.string().nullable(),
  /** Of a price. */
  currency: z.string().nullable(),
  source: SourceIdSchema.nullable(),
  changed_at: z.iso.datetime(),
});
export type Known = z.infer<typeof KnownSchema>;

/** One recorded change: what a field became. What it was is the change before. */
export const ChangeSchema = KnownSchema.extend({ field: HistoryFieldSchema });
export type Change = z.infer<typeof ChangeSchema>;

/** What was recorded last of each field of a product. */
export const LatestSchema = z.object({
  /** Rises with every write. */
  version: z.number().int(),
  values: z.partialRecord(HistoryFieldSchema, KnownSchema),
});
export type Latest = z.infer<typeof LatestSchema>;

/** Nothing recorded yet. */
export const NOTHING_RECORDED: Latest = { version: 0, values: {} };

interface Observed {
  readonly value: string;
  readonly currency: string | null;
  readonly source: SourceId;
  readonly changed_at: string;
}

/** What a product says of a field, if it says anything that may be recorded. */
const observed = (product: Product, field: HistoryField, licences: LicenceBook): Observed | null => {
  const origin = product.provenance[field];
  const value = product[field];
  // An availability that is unknown is nothing that the shop said.
  if (!origin || !isGiven(value) || value === "unknown" || !licences[origin.source].history) return null;
  const { source, fetched_at } = origin;
  return {
    value: String(value),
    currency: field === "current_price" ? product.currency : null,
    source,
    changed_at: fetched_at,
  };
};

/** When a field that is not known any more was known last. */
const goneAt = (product: Product, field: HistoryField): string => {
  const isExpired = product.missing.some((one) => one.field === field && one.reason === EXPIRED);
  return isExpired && product.expired_at !== null ? product.expired_at : product.updated_at;
};

/** Series go forward, also where a product is put together of parts of different ages. */
const after = (time: string, last: Known | undefined): string =>
  last !== undefined && time <= last.changed_at ? isoTime(Date.parse(last.changed_at) + 1) : time;

/** The change by which a field is not known any more from now on. */
export const unknownFrom = (field: HistoryField, last: Known, nowMs: number): Change => ({
  ...{ field, value: null, currency: null, source: null },
  changed_at: after(isoTime(nowMs), last),
});

/**
 * What changed in a product since the last recorded change, by licence: of a source without history nothing is
 * recorded, not even in place of another source's value, which then is not known any more. The same product gives
 * nothing the second time.
 * @param product as the reader gives it: without what ended
 */
export const changesOf = (product: Product, latest: Latest, licences: LicenceBook): Change[] =>
  HISTORY_FIELDS.flatMap((field) => {
    const now = observed(product, field, licences);
    const last = latest.values[field];
    if ((now?.value ?? null) === (last?.value ?? null) && (now?.currency ?? null) === (last?.currency ?? null))
      return [];
    const { value = null, currency = null, source = null } = now ?? {};
    const changed_at = after(now?.changed_at ?? goneAt(product, field), last);
    return [{ field, value, currency, source, changed_at }];
  });

/** What is recorded last once these changes are. */
export const withChanges = ({ version, values }: Latest, changes: readonly Change[]): Latest => ({
  version: version + 1,
  values: { ...values, ...Object.fromEntries(changes.map(({ field, ...known }) => [field, known])) },
});
