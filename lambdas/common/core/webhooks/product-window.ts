import { isoTime } from "../clock.ts";
import type { WebhookEvent } from "./webhook-event.ts";

/** Products that are written within so long a time are told of together, milliseconds: longer than the pace of an endpoint. */
const WINDOW_MS = 5_000;
/** How long after its end a window is closed, milliseconds: streams hand records over a moment later. */
const GRACE_MS = 5_000;
/** Least time between two `product.updated` to one endpoint, milliseconds. */
export const PRODUCTS_PACE_MS = 1_000;
/** ASINs of one message, so that it stays below the 20 KB that receivers must take. */
export const MAX_PRODUCTS_PER_EVENT = 1_000;

/** Start of the window that a time is in. */
export const windowOf = (ms: number): string => isoTime(Math.floor(ms / WINDOW_MS) * WINDOW_MS);

/** Milliseconds until a window is closed; 0 when that is over. */
export const msUntilClosed = (window: string, nowMs: number): number =>
  Math.max(0, Date.parse(window) + WINDOW_MS + GRACE_MS - nowMs);

/**
 * What a closed window says: which products were fetched again, by ASIN and shop. No content, and not what changed: content
 * is read from the API, which knows what may be given out.
 * @param productKeys each `<marketplace>#<asin>`, in any order
 */
export const eventsOfWindow = (window: string, productKeys: readonly string[]): WebhookEvent[] => {
  const keys = [...productKeys].sort();
  const parts = Math.ceil(keys.length / MAX_PRODUCTS_PER_EVENT);
  return Array.from({ length: parts }, (_, part) => {
    const asins = new Map<string, string[]>();
    for (const key of keys.slice(part * MAX_PRODUCTS_PER_EVENT, (part + 1) * MAX_PRODUCTS_PER_EVENT)) {
      const [marketplace = "", asin = ""] = key.split("#");
      const known = asins.get(marketplace);
      if (known) known.push(asin);
      else asins.set(marketplace, [asin]);
    }
    return {
      event: "product.updated",
      key: `${window}/${part}`,
      atMs: Date.parse(window),
      data: { asins: Object.fromEntries(asins), read_at: "/products/{asin}?marketplace={marketplace}" },
    };
  });
};
