import type { LicenceBook } from "../licences/licence-book.ts";
import { endsOf } from "../licences/without-ended.ts";
import type { Product } from "../products/product.ts";
import { FRESH_FOR_MS } from "./due-product.ts";

/** A stored product as the refresh sees it: its times, none of its content. */
export interface RefreshState {
  readonly key: string;
  readonly endsAtMs: number;
  readonly fetchedAtMs: number;
}

/** Whether the refresh keeps a product: it is known to be sold or not, and somebody wanted it kept within the last 30 days. */
export const isKept = ({ status }: Pick<Product, "status">, refreshUntil: string | undefined, nowMs: number): boolean =>
  status !== "draft" && refreshUntil !== undefined && Date.parse(refreshUntil) > nowMs;

/**
 * The times by which a stored product is planned. What no licence ends is over after a day, and so is the answer that no
 * source has the product any more.
 */
export const refreshStateOf = (product: Product, licences: LicenceBook): RefreshState => {
  const isGone = product.status === "unavailable" && product.stale;
  if (isGone) {
    // When the sources said so; what it was is as old as it was.
    const saidMs = Date.parse(product.updated_at);
    return { key: product.product_id, endsAtMs: saidMs + FRESH_FOR_MS, fetchedAtMs: saidMs };
  }
  const asOfMs = Date.parse(product.last_refresh_at);
  if (product.expired_at !== null) {
    return { key: product.product_id, endsAtMs: Date.parse(product.expired_at), fetchedAtMs: asOfMs };
  }
  const endsAtMs = Math.min(...endsOf(product, licences), asOfMs + FRESH_FOR_MS);
  // Fields that may be kept for ever may be older than those that end.
  return { key: product.product_id, endsAtMs, fetchedAtMs: Math.max(asOfMs, endsAtMs - FRESH_FOR_MS) };
};
