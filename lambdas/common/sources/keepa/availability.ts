import type { Availability } from "../../core/products/product.ts";
import { latestOf } from "./latest.ts";
import type { KeepaProduct } from "./schema.ts";
import { SERIES } from "./series.ts";

/** Availability as Keepa knows it; `message` only where it adds something. */
export interface KeepaAvailability {
  readonly type: Availability;
  readonly message: string | null;
}

const delay = (product: KeepaProduct): string | null => {
  const [shortest, longest] = product.availabilityAmazonDelay ?? [];
  return typeof shortest !== "number" || typeof longest !== "number"
    ? null
    : `Ships in ${shortest} to ${longest} hours`;
};

/**
 * Reads availability: Amazon's own offer first, then the buy box, then whether anybody offers it new.
 * `out_of_stock` only when Keepa counted the offers and found none; no data at all is `unknown`.
 * @param priced whether a current price of a new item is known
 */
export const availabilityOf = (product: KeepaProduct, priced: boolean): KeepaAvailability => {
  const of = (type: Availability, message: string | null = null): KeepaAvailability => ({ type, message });
  switch (product.availabilityAmazon) {
    case 0:
      return of("in_stock");
    case 1:
      return of("preorder");
    case 3:
      return of("backorder");
    case 4:
      return of("in_stock", delay(product));
  }
  if (product.stats?.buyBoxIsPreorder) return of("preorder");
  if (product.stats?.buyBoxIsBackorder) return of("backorder");
  if (priced) return of("in_stock");
  return of(latestOf(product, SERIES.COUNT_NEW) === 0 ? "out_of_stock" : "unknown");
};
