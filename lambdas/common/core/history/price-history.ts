import * as z from "zod";
import { MINUTE_MS } from "../durations.ts";
import { amountFromMinor } from "../money/money.ts";
import { SourceIdSchema } from "../source-ids.ts";

/** Series of prices that a source keeps by itself, in the order in which they are given out. */
export const PRICE_SERIES = ["buy_box", "amazon", "new", "list_price"] as const;

/** One of them. */
export const PriceSeriesNameSchema = z.enum(PRICE_SERIES);
export type PriceSeriesName = z.infer<typeof PriceSeriesNameSchema>;

/** Points of one series that are kept, the newest ones: four full series stay below 64 KB. */
export const MAX_SERIES_POINTS = 1_000;

/** Minute since 1970 and the price from then on, minor units; null: there was none. */
const PricePointSchema = z.tuple([z.number().int(), z.number().int().positive().nullable()]);
export type PricePoint = z.infer<typeof PricePointSchema>;

/** One series as it is kept: in the order of time, each point another price than the one before. */
export const PriceSeriesSchema = z.object({
  name: PriceSeriesNameSchema,
  points: z.array(PricePointSchema).max(MAX_SERIES_POINTS),
  /** Whether earlier points were left out as too many. */
  has_earlier: z.boolean(),
});
export type PriceSeries = z.infer<typeof PriceSeriesSchema>;

/** The prices of a product as a source kept them; no series: the source has none of it. */
export const PriceHistorySchema = z.object({
  source: SourceIdSchema,
  fetched_at: z.iso.datetime(),
  series: z.array(PriceSeriesSchema),
});
export type PriceHistory = z.infer<typeof PriceHistorySchema>;

/** The last minute that a date can say. */
const MAX_MINUTE = 8_640_000_000_000_000 / MINUTE_MS;

const isPoint = ([minute, price]: PricePoint): boolean =>
  Number.isSafeInteger(minute) &&
  minute >= 0 &&
  minute <= MAX_MINUTE &&
  (price === null || (Number.isSafeInteger(price) && price > 0));

/**
 * Makes a series of what a source gave, in any order and with repeats; what is no point is left out. It begins with a
 * price, so it is empty where there never was one.
 */
export const priceSeries = (name: PriceSeriesName, given: readonly PricePoint[]): PriceSeries => {
  const points: PricePoint[] = [];
  for (const point of given.filter(isPoint).toSorted(([a], [b]) => a - b)) {
    // Of two at one minute the later one counts.
    if (points.at(-1)?.[0] === point[0]) points.pop();
    if ((points.at(-1)?.[1] ?? null) !== point[1]) points.push(point);
  }
  const newest = points.slice(-MAX_SERIES_POINTS);
  if (newest[0]?.[1] === null) newest.shift();
  return { name, points: newest, has_earlier: points.length > MAX_SERIES_POINTS };
};

/** One step of a plot. */
export interface PriceStep {
  /** Epoch milliseconds from which on. */
  readonly atMs: number;
  /** Decimal text; null: there was no price. */
  readonly value: string | null;
}

/**
 * The steps of a series within a time. One that begins within a price has a point at its begin.
 * @param range epoch milliseconds, both ends included; `fromMs` null: from the first point on
 * @param digits places after the point of the shop's currency
 */
export const stepsWithin = (
  { points }: PriceSeries,
  { fromMs, toMs }: { readonly fromMs: number | null; readonly toMs: number },
  digits: number,
): PriceStep[] => {
  const steps: PriceStep[] = [];
  for (const [minute, price] of points) {
    const atMs = minute * MINUTE_MS;
    if (atMs > toMs) break;
    const at = fromMs === null ? atMs : Math.max(fromMs, atMs);
    // Only the last of what was before the range matters to it.
    if (steps.at(-1)?.atMs === at) steps.pop();
    steps.push({ atMs: at, value: price === null ? null : (amountFromMinor(price, digits) ?? null) });
  }
  return steps[0]?.value === null ? steps.slice(1) : steps;
};
