import { MINUTE_MS } from "../../durations.ts";
import type { LimitItem } from "../limit-item.ts";
import type { LimitSignals } from "../limit-signals.ts";

/** Unused tokens expire after an hour (measured with Keepa), so a bucket never holds more. */
const BUCKET_MINUTES = 60;

/** The part of an item that describes the token bucket. */
export type Bucket = Pick<LimitItem, "tokens" | "tokens_at_ms" | "refill_at_ms" | "refill_per_minute">;

const firstRefill = (bucket: Bucket): number => bucket.refill_at_ms ?? (bucket.tokens_at_ms ?? 0) + MINUTE_MS;
/** An unknown rate counts as one token a minute: enough to try again, and the answer then gives the rate. */
const rateOf = (bucket: Bucket): number => bucket.refill_per_minute || 1;

/** The balance at `nowMs`, with the refills since it was stored. Undefined when no balance is known. */
export const refilled = (bucket: Bucket, nowMs: number): { tokens: number; refillAtMs: number } | undefined => {
  if (bucket.tokens === undefined) return undefined;
  const first = firstRefill(bucket);
  const refills = nowMs < first ? 0 : 1 + Math.floor((nowMs - first) / MINUTE_MS);
  const rate = rateOf(bucket);
  const grown = bucket.tokens + refills * rate;
  const full = Math.max(bucket.tokens, BUCKET_MINUTES * rate);
  return { tokens: Math.min(full, grown), refillAtMs: first + refills * MINUTE_MS };
};

/** Tokens that a full bucket holds; undefined while its refill is unknown. */
export const capacityOf = ({ refill_per_minute }: Bucket): number | undefined =>
  refill_per_minute ? BUCKET_MINUTES * refill_per_minute : undefined;

/** When the balance is above `floor`, which must be less than a full bucket. */
export const aboveAt = (bucket: Bucket, floor: number, nowMs: number): number => {
  const now = refilled(bucket, nowMs);
  if (!now || now.tokens > floor) return nowMs;
  const refills = Math.floor((floor - now.tokens) / rateOf(bucket)) + 1;
  return now.refillAtMs + (refills - 1) * MINUTE_MS;
};

/**
 * Whether the answer carries a true reading of the bucket. A wrong key or a wrong path gets an envelope of zeros, which
 * says nothing about the account.
 */
export const hasTokenReading = (signals: LimitSignals): boolean =>
  signals.tokensLeft !== undefined &&
  (signals.tokensLeft !== 0 || (signals.refillPerMinute ?? 0) !== 0 || (signals.refillInMs ?? 0) !== 0);
