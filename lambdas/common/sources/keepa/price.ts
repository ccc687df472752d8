import { latestOf } from "./latest.ts";
import type { KeepaProduct } from "./schema.ts";
import { SERIES } from "./series.ts";

const positive = (value: number | null | undefined): number | undefined =>
  typeof value === "number" && value > 0 ? value : undefined;

/**
 * Current price of a new item in minor units: the buy box with its shipping, else the last known value of the buy box,
 * Amazon's own offer or the lowest new offer, in this order. Undefined when Keepa has none: -1, -2 and 0 are never
 * prices, and a buy box of a used item is no price of a new one.
 */
export const currentPriceMinor = (product: KeepaProduct): number | undefined => {
  const stats = product.stats;
  const at = (index: number): number | undefined => positive(latestOf(product, index));
  const used = stats?.buyBoxIsUsed === true;
  const buyBox = used ? undefined : positive(stats?.buyBoxPrice);
  if (buyBox !== undefined) return buyBox + (positive(stats?.buyBoxShipping) ?? 0);
  return (used ? undefined : at(SERIES.BUY_BOX_SHIPPING)) ?? at(SERIES.AMAZON) ?? at(SERIES.NEW);
};

/** List price in minor units, else the price that is struck through beside the buy box; undefined with neither. */
export const originalPriceMinor = (product: KeepaProduct): number | undefined =>
  positive(latestOf(product, SERIES.LIST_PRICE)) ?? positive(product.stats?.buyBoxSavingBasis);
