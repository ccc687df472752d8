import { HOUR_MS } from "../durations.ts";
import { RUN_TTL_SECONDS } from "../products/quality/freshness.ts";

/** Age from which a product is fetched again. */
export const REFRESH_AFTER_MS = 20 * HOUR_MS;
/** Time for which a product without an end by licence counts as fresh. */
export const FRESH_FOR_MS = RUN_TTL_SECONDS * 1_000;
/** Time from one plan to the next. */
export const PLAN_EVERY_MS = HOUR_MS;

/** A product of the daily refresh, as the planner sees it. */
export interface DueProduct {
  /** `<marketplace>#<asin>`. */
  readonly key: string;
  /** When its first field ends by licence, or its day is over; in the past: it has ended. Epoch milliseconds. */
  readonly endsAtMs: number;
  /** When it was fetched last, epoch milliseconds. */
  readonly fetchedAtMs: number;
  /** What it is worth to readers that it is fresh, see `worthOf`; 0: nobody asked for it. */
  readonly worth: number;
}

/** Whether a product may be planned now: it is old enough, or some of it has ended. */
export const isDue = (product: Pick<DueProduct, "endsAtMs" | "fetchedAtMs">, nowMs: number): boolean =>
  nowMs - product.fetchedAtMs >= REFRESH_AFTER_MS || product.endsAtMs <= nowMs;

/** The shop of a product key. */
export const shopOf = (key: string): string => key.slice(0, key.lastIndexOf("#"));
