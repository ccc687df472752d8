import { MINUTE_MS } from "../../core/durations.ts";
import {
  type PricePoint,
  type PriceSeries,
  type PriceSeriesName,
  priceSeries,
} from "../../core/history/price-history.ts";
import { FRESHNESS_SPAN_MS } from "../../core/products/quality/freshness.ts";
import type { KeepaProduct } from "./schema.ts";
import { decodeSeries, isWhole, keepaTimeToUnixMs, SERIES, type SeriesPoint } from "./series.ts";

/** Days of history that are asked for. */
export const HISTORY_DAYS = 730;

/** Where each series is in `csv[]`. Prices of `new` had no shipping in them before 2026-02-16. */
const PLACES: readonly (readonly [name: PriceSeriesName, index: number])[] = [
  ["buy_box", SERIES.BUY_BOX_SHIPPING],
  ["amazon", SERIES.AMAZON],
  ["new", SERIES.NEW],
  ["list_price", SERIES.LIST_PRICE],
];

/** 0 is no price, and -1 says that nobody offered it. */
const priceOf = ({ value, shipping }: SeriesPoint): number | null =>
  value === null || value === 0 ? null : value + (shipping ?? 0);

/** Whether the statistics have the price of this point as the present one; they have it only when somebody pays for that. */
const isConfirmed = ({ stats }: KeepaProduct, point: SeriesPoint): boolean =>
  typeof stats?.buyBoxPrice === "number" &&
  stats.buyBoxPrice > 0 &&
  stats.buyBoxPrice + Math.max(0, stats.buyBoxShipping ?? 0) === priceOf(point);

/**
 * Where the buy box is unknown again: it is read only when somebody pays for that, so a last price that Keepa did not
 * confirm for a week says nothing of the time after.
 */
const endOf = (index: number, product: KeepaProduct, last: SeriesPoint | undefined): SeriesPoint[] => {
  if (index !== SERIES.BUY_BOX_SHIPPING || last === undefined || isConfirmed(product, last)) return [];
  const endMs = last.atMs + FRESHNESS_SPAN_MS;
  const readMs = typeof product.lastUpdate === "number" ? keepaTimeToUnixMs(product.lastUpdate) : 0;
  return endMs < readMs ? [{ atMs: endMs, value: null }] : [];
};

/** The prices that Keepa kept of a product; series that it does not have, or that cannot be read, are left out. */
export const priceSeriesOf = (product: KeepaProduct): PriceSeries[] =>
  PLACES.flatMap(([name, index]) => {
    const csv = product.csv?.[index];
    if (!csv || !isWhole(index, csv)) return [];
    const decoded = decodeSeries(index, csv);
    const points = [...decoded, ...endOf(index, product, decoded.at(-1))].map(
      (point): PricePoint => [Math.floor(point.atMs / MINUTE_MS), priceOf(point)],
    );
    const series = priceSeries(name, points);
    return series.points.length > 0 ? [series] : [];
  });
