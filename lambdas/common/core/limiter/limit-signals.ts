/** What an answer's headers or body said about the source's limits. A signal that the answer lacks is absent. */
export interface LimitSignals {
  /** Silence that the source asks for, in milliseconds from the answer. */
  readonly retryAfterMs?: number;
  /** The source's announced rate, calls per second. */
  readonly ratePerSecond?: number;
  /** Units left in a token bucket; may be negative. */
  readonly tokensLeft?: number;
  /** Milliseconds until the bucket next refills. */
  readonly refillInMs?: number;
  /** Units that the refill of each minute adds. */
  readonly refillPerMinute?: number;
}
