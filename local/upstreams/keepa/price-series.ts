import type { SimProduct } from "../shared/products/product.ts";
import { seededRandom } from "../shared/seeded-random.ts";

/** Keepa counts minutes since 2011-01-01 UTC. */
const OFFSET_MINUTES = 21_564_000;
const DAY_MINUTES = 1440;
const SLOTS = 36;
/** Slots whose series are triples: time, price, shipping. */
const WITH_SHIPPING = new Set([7, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 32]);

/** Epoch milliseconds as Keepa minutes. */
export const keepaMinutes = (epochMs: number): number => Math.floor(epochMs / 60_000) - OFFSET_MINUTES;

/** What is known now, by slot; -1 where nothing is. */
export type CurrentValues = readonly number[];

/** Which slots a query opens: the buy box and the ratings cost extra. */
export interface SlotChoice {
  readonly buybox: boolean;
  readonly rating: boolean;
}

/** The 36 values of this moment. */
export const currentValues = (product: SimProduct, hasOffer: boolean, choice: SlotChoice): CurrentValues => {
  const values = new Array<number>(SLOTS).fill(-1);
  const price = hasOffer ? product.priceMinor : null;
  if (price !== null) {
    values[0] = price;
    values[1] = price;
    values[11] = 4;
    values[10] = price;
    values[34] = 3;
    values[35] = 1;
    if (choice.buybox) values[18] = price;
  }
  if (product.listPriceMinor !== null) values[4] = product.listPriceMinor;
  values[3] = product.salesRank;
  if (choice.rating) {
    if (product.rating !== null) values[16] = Math.round(product.rating * 10);
    if (product.reviewCount !== null) values[17] = product.reviewCount;
  }
  return values;
};

/** One slot's past, oldest first, ending in the present value: [time, value] pairs or triples; null without data. */
const seriesOf = (
  product: SimProduct,
  slot: number,
  value: number,
  nowMinutes: number,
  days: number | null,
): number[] | null => {
  if (value < 0) return null;
  const random = seededRandom("series", product.asin, product.marketplace.code, slot);
  const series: number[] = [];
  for (let daysAgo = 360; daysAgo >= 30; daysAgo -= 30) {
    const at = nowMinutes - daysAgo * DAY_MINUTES;
    if (days !== null && daysAgo > days) continue;
    const past = slot === 16 || slot === 17 ? value : Math.max(1, Math.round(value * (0.85 + random.next() * 0.4)));
    series.push(at, past, ...(WITH_SHIPPING.has(slot) ? [0] : []));
  }
  series.push(nowMinutes - 60, value, ...(WITH_SHIPPING.has(slot) ? [0] : []));
  return series;
};

/** The `csv` field: 36 slots, null where there is nothing. */
export const csvOf = (
  product: SimProduct,
  values: CurrentValues,
  nowMinutes: number,
  days: number | null,
): (number[] | null)[] => values.map((value, slot) => seriesOf(product, slot, value, nowMinutes, days));

/** Extremes and means over a slot's past. */
export const extremesOf = (series: readonly (number[] | null)[], pick: "min" | "max"): ([number, number] | null)[] =>
  series.map((points, slot) => {
    if (!points) return null;
    const step = WITH_SHIPPING.has(slot) ? 3 : 2;
    let best: [number, number] | null = null;
    for (let at = 0; at < points.length; at += step) {
      const [time, value] = [points[at] ?? 0, points[at + 1] ?? -1];
      if (best === null || (pick === "min" ? value < best[1] : value > best[1])) best = [time, value];
    }
    return best;
  });

/** Mean of each slot's past, -1 without data. */
export const meansOf = (series: readonly (number[] | null)[]): number[] =>
  series.map((points, slot) => {
    if (!points) return -1;
    const step = WITH_SHIPPING.has(slot) ? 3 : 2;
    const values = points.filter((_, at) => at % step === 1);
    return Math.round(values.reduce((sum, value) => sum + value, 0) / values.length);
  });
