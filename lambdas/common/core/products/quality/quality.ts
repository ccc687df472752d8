import type { SourceId } from "../../source-ids.ts";
import { type CriticalNeed, criticalFieldsIn, fieldFor } from "../critical-fields.ts";
import type { MergedFields } from "../merge.ts";
import type { ProductField, Provenance, Quality } from "../product.ts";
import { FRESHNESS_SPAN_MS, freshnessOf } from "./freshness.ts";

/** Below this score a product is taken to the next source. */
export const GOOD_QUALITY = 0.7;

/** How far each source's data is trusted, 0 to 1. A source of 0 makes its data up and never raises a score. */
export const SOURCE_ACCURACY: Readonly<Record<SourceId, number>> = {
  "creators-api": 0.95,
  paapi: 0.95,
  "sp-api": 0.9,
  keepa: 0.85,
  "product-page": 0.75,
  "sample-data": 0,
};
/** Most that data from our own store is trusted, whatever its source. */
export const CACHE_ACCURACY = 0.8;

const RATING_LEFT_OUT = "rating left out: no enabled source gives one for this shop";
/** Whether a score was made without the rating. */
export const isRatingLeftOut = ({ reasons }: Quality): boolean => reasons.includes(RATING_LEFT_OUT);

const WEIGHTS = { completeness: 0.4, accuracy: 0.4, freshness: 0.2 } as const;
const SCORED = ["title", "price", "image", "rating"] as const;
type Scored = (typeof SCORED)[number];

const round = (value: number): number => Math.round(value * 1000) / 1000;
const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

/** What the score depends on besides the fields. */
export interface QualityContext {
  readonly nowMs: number;
  /** Whether any enabled source can give a rating for this shop; if none can, ratings are left out of the score. */
  readonly ratingPossible: boolean;
  /** Whether the fields come from our own store rather than from the sources just now. @default false */
  readonly cached?: boolean;
}

const scoredField = (part: Scored, { fields }: MergedFields): ProductField | null => {
  if (part === "rating") return typeof fields.star_rating === "number" ? "star_rating" : null;
  if (part === "price") return fieldFor("price", fields) === "current_price" ? "current_price" : null;
  const need: CriticalNeed = part;
  return fieldFor(need, fields);
};

const isMadeUp = (origin: Provenance | undefined): boolean =>
  origin === undefined || SOURCE_ACCURACY[origin.source] === 0;

/**
 * Scores a product: `0.4 completeness + 0.4 accuracy + 0.2 freshness`, each part 0 to 1, rounded to 3 places.
 * Completeness counts title, price, image and rating that a real source gave. Accuracy is the mean trust in the
 * sources of the critical fields (title, price or availability, image); freshness is that of the oldest of them.
 * Made-up fields count as missing, distrusted and not fresh, so they never raise any part. `reasons` says in
 * words what lowered the score or was left out; it is empty for a perfect one.
 */
export const qualityOf = (merged: MergedFields, context: QualityContext): Quality => {
  const reasons: string[] = [];
  const parts = SCORED.filter((part) => part !== "rating" || context.ratingPossible);
  const present = parts.filter((part) => {
    const field = scoredField(part, merged);
    if (field === null) reasons.push(`no ${part}`);
    else if (isMadeUp(merged.provenance[field])) reasons.push(`the ${part} is sample data`);
    else return true;
    return false;
  });
  if (!context.ratingPossible) reasons.push(RATING_LEFT_OUT);

  const origins = criticalFieldsIn(merged.fields).flatMap((field) => merged.provenance[field] ?? []);
  const trust = origins.map(({ source }) =>
    context.cached ? Math.min(SOURCE_ACCURACY[source], CACHE_ACCURACY) : SOURCE_ACCURACY[source],
  );
  for (const source of new Set(origins.map((origin) => origin.source))) {
    if (SOURCE_ACCURACY[source] < 0.9) reasons.push(`data from ${source} is trusted at ${SOURCE_ACCURACY[source]}`);
  }
  if (context.cached) reasons.push(`data from the store is trusted at ${CACHE_ACCURACY} at most`);

  const real = origins.filter((origin) => !isMadeUp(origin));
  const freshness = real.length === 0 ? 0 : Math.min(...real.map((o) => freshnessOf(o.fetched_at, context.nowMs)));
  const days = (1 - freshness) * (FRESHNESS_SPAN_MS / 86_400_000);
  if (real.length > 0 && days >= 1) reasons.push(`the oldest part is ${Math.floor(days)} days old or more`);

  const completeness = present.length / parts.length;
  const accuracy = mean(trust);
  return {
    overall: round(WEIGHTS.completeness * completeness + WEIGHTS.accuracy * accuracy + WEIGHTS.freshness * freshness),
    completeness: round(completeness),
    accuracy: round(accuracy),
    freshness: round(freshness),
    reasons,
  };
};
