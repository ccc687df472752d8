/** What an answer's headers or body said about the source's limits; everything optional, nothing guessed. */
export interface LimitSignals {
  /** The source asks for silence, in milliseconds from the answer. */
  readonly retryAfterMs?: number;
  /** The source's announced rate, calls per second. */
  readonly ratePerSecond?: number;
  /** Units left in a token bucket; may be negative. */
  readonly tokensLeft?: number;
  /** Milliseconds until the bucket next refills. */
  readonly refillInMs?: number;
  /** Units that a refill brings, a minute. */
  readonly refillPerMinute?: number;
}
