import { isPublic } from "../licences/field-rights.ts";
import type { LicenceBook } from "../licences/licence-book.ts";
import type { RevokedSources } from "../licences/revocations/without-revoked.ts";
import type { SourceId } from "../source-ids.ts";
import type { Change } from "./change.ts";
import type { HistoryField } from "./history-fields.ts";

/** A value from a time on, until the next point; null: from then on nothing was known. */
export interface SeriesPoint {
  readonly at: string;
  readonly value: string | null;
  readonly currency: string | null;
  readonly source: SourceId | null;
  /** When the source gave it; null in a gap. */
  readonly fetched_at: string | null;
  /** ISO time until which it may be kept; null: while the licence of its source has a history. */
  readonly store_until: string | null;
  /** Whether it may stand on a public site. */
  readonly public: boolean;
}

/** The part of a series to give out. */
export interface SeriesRange {
  /** ISO time; null: from the first change on. */
  readonly from: string | null;
  /** ISO time, included. */
  readonly to: string;
  /** Whether only what may stand on a public site is given out. */
  readonly public: boolean;
}

/** What may be given out of a history. */
export interface SeriesRights {
  readonly licences: LicenceBook;
  readonly revoked: RevokedSources;
}

const GAP = {
  ...{ value: null, currency: null, source: null },
  ...{ fetched_at: null, store_until: null, public: true },
} as const;

/**
 * The series of one field, fit for a plot in steps: a point where a value begins, and one where it ends and nothing is known.
 * A range that begins within a value has a point at its begin. What the stage may not keep a history of any more, or
 * not show, is a gap.
 * @param changes of the product, in the order of time
 */
export const seriesOf = (
  changes: readonly Change[],
  field: HistoryField,
  { from, to, public: isForPublic }: SeriesRange,
  { licences, revoked }: SeriesRights,
): SeriesPoint[] => {
  const points: SeriesPoint[] = [];
  for (const change of changes) {
    if (change.field !== field || change.changed_at > to) continue;
    const { source, value, currency, changed_at } = change;
    const mayStand = source !== null && isPublic(field, { source, fetched_at: changed_at }, licences);
    const mayBeKept = source !== null && licences[source].history && !revoked.has(source);
    const isGap = value === null || !mayBeKept || (isForPublic && !mayStand);
    const at = from !== null && changed_at < from ? from : changed_at;
    const point: SeriesPoint = isGap
      ? { at, ...GAP }
      : {
          ...{ at, value, currency, source },
          // A licence with a history sets recorded values no end, whatever it sets the fields of the product.
          ...{ fetched_at: changed_at, store_until: null, public: mayStand },
        };
    // Only the last of what was before the range matters to it.
    if (points.at(-1)?.at === at) points.pop();
    const last = points.at(-1);
    if ((last?.value ?? null) === point.value && (last?.currency ?? null) === point.currency) continue;
    points.push(point);
  }
  return points[0]?.value === null ? points.slice(1) : points;
};
