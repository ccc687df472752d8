import { FRESHNESS_SPAN_MS } from "../../core/products/quality/freshness.ts";
import type { KeepaProduct } from "./schema.ts";
import { decodeSeries, isWhole, keepaTimeToUnixMs, SERIES, type SeriesPoint } from "./series.ts";

/** Series that people or Keepa count or set. A missing value does not end them, as the end of an offer ends a price. */
const LASTING: ReadonlySet<number> = new Set([SERIES.RATING, SERIES.COUNT_REVIEWS]);

/**
 * Whether Keepa read the product too long after the point for it to be valid. A point is normally valid until the next
 * one, however old. The buy box is read only when somebody pays for it, so its last point may be outdated.
 */
const isStale = (index: number, point: SeriesPoint, product: KeepaProduct): boolean =>
  index === SERIES.BUY_BOX_SHIPPING &&
  typeof product.lastUpdate === "number" &&
  keepaTimeToUnixMs(product.lastUpdate) - point.atMs > FRESHNESS_SPAN_MS;

const fromHistory = (product: KeepaProduct, index: number): number | undefined => {
  const csv = product.csv?.[index];
  if (!csv || !isWhole(index, csv)) return undefined;
  const points = decodeSeries(index, csv);
  // The last price of -1 says that nobody offers it any more; the price before it is history.
  const point = LASTING.has(index) ? points.findLast(({ value }) => value !== null) : points.at(-1);
  if (!point || point.value === null || isStale(index, point, product)) return undefined;
  return point.value + (point.shipping ?? 0);
};

/**
 * The present value of a series in its own unit: that of the statistics, else the end of the history, with shipping
 * where the series has it. Undefined when neither has one. 0 is a number (of reviews, of offers), never a price.
 * @param index position of the series, one of `SERIES`
 */
export const latestOf = (product: KeepaProduct, index: number): number | undefined => {
  const current = product.stats?.current?.[index];
  return typeof current === "number" && current >= 0 ? current : fromHistory(product, index);
};
