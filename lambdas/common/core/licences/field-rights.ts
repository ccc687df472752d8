import { isoTime } from "../clock.ts";
import { AVAILABILITY_FIELDS, OFFER_FIELDS, RATING_FIELDS } from "../products/merge.ts";
import type { ProductField, Provenance } from "../products/product.ts";
import type { LicenceBook } from "./licence-book.ts";

/** ASINs may be kept without end, from any source. */
const KEPT_FIELDS: readonly ProductField[] = ["parent_asin"];
const PRICE_FIELDS: readonly ProductField[] = [...OFFER_FIELDS, ...AVAILABILITY_FIELDS];

/** When the right to keep a field ends, epoch milliseconds; null: never. */
export const endsAtMs = (
  field: ProductField,
  { source, fetched_at }: Provenance,
  licences: LicenceBook,
): number | null => {
  const seconds = licences[source].store_seconds;
  return seconds === null || KEPT_FIELDS.includes(field) ? null : Date.parse(fetched_at) + seconds * 1_000;
};

/** Whether a field may not be given out any more at `nowMs`. It may until its end, and not at it. */
export const isEnded = (field: ProductField, origin: Provenance, licences: LicenceBook, nowMs: number): boolean => {
  const endMs = endsAtMs(field, origin, licences);
  return endMs !== null && nowMs >= endMs;
};

/** Whether a field of this source may stand on a public site. */
export const isPublic = (field: ProductField, { source }: Provenance, licences: LicenceBook): boolean => {
  const { prices_public, ratings_public } = licences[source];
  if (PRICE_FIELDS.includes(field)) return prices_public;
  return RATING_FIELDS.includes(field) ? ratings_public : true;
};

/** What may be done with one field. */
export interface FieldRights {
  /** ISO time until which it may be kept and given out; null: without end. */
  readonly store_until: string | null;
  readonly public: boolean;
}

/** The rights of a field that is still given out. */
export const rightsOf = (field: ProductField, origin: Provenance, licences: LicenceBook): FieldRights => {
  const endMs = endsAtMs(field, origin, licences);
  return { store_until: endMs === null ? null : isoTime(endMs), public: isPublic(field, origin, licences) };
};
