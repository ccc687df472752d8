/**
 * Positions in `csv[]` and in the lists of `stats` that Enrichline reads.
 * @see https://github.com/keepacom/api_backend (Product.CsvType)
 */
export const SERIES = {
  AMAZON: 0,
  NEW: 1,
  LIST_PRICE: 4,
  COUNT_NEW: 11,
  RATING: 16,
  COUNT_REVIEWS: 17,
  BUY_BOX_SHIPPING: 18,
} as const;

/** Series whose points are triples of time, price and shipping; all others are pairs of time and value. */
const TRIPLES = new Set([7, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 32]);

/** Keepa counts minutes from 2011-01-01 UTC. */
const KEEPA_EPOCH_MINUTES = 21_564_000;

/** Unix milliseconds of a Keepa time, which is in minutes. */
export const keepaTimeToUnixMs = (minutes: number): number => (minutes + KEEPA_EPOCH_MINUTES) * 60_000;

/** One point of a series: value in the series' own unit (minor units for prices), null where there was none (-1). */
export interface SeriesPoint {
  readonly atMs: number;
  readonly value: number | null;
  /** Minor units; only in series with shipping, null where unknown. */
  readonly shipping?: number | null;
}

const widthOf = (index: number): number => (TRIPLES.has(index) ? 3 : 2);

/** Whether a list consists of whole points. In any other list every later value would belong to another point. */
export const isWhole = (index: number, csv: readonly number[]): boolean => csv.length % widthOf(index) === 0;

const known = (value: number | undefined): number | null => (value === undefined || value < 0 ? null : value);

/**
 * Decodes one list of `csv[]` into points, oldest first.
 * @param index position of the list in `csv[]`, which decides whether points are pairs or triples
 * @throws RangeError when the length fits neither, because then every later value would be misread
 */
export const decodeSeries = (index: number, csv: readonly number[] | null): SeriesPoint[] => {
  if (csv === null) return [];
  const width = widthOf(index);
  if (!isWhole(index, csv)) {
    throw new RangeError(`series ${index} has ${csv.length} numbers, which is no multiple of ${width}`);
  }
  return Array.from({ length: csv.length / width }, (_, point) => {
    const [time = 0, value, shipping] = csv.slice(point * width, (point + 1) * width);
    const base = { atMs: keepaTimeToUnixMs(time), value: known(value) };
    return width === 3 ? { ...base, shipping: known(shipping) } : base;
  });
};
