/** What an answer's headers or body said about the source's limits; everything optional, nothing guessed. */
export interface LimitSignals {
  /** The source asks for silence, in milliseconds from the answer. */
  readonly retry_after_ms?: number;
  /** The source's announced rate, calls per second. */
  readonly rate_per_second?: number;
  /** Units left in a token bucket; may be negative. */
  readonly tokens_left?: number;
  /** Milliseconds until the bucket next refills. */
  readonly refill_in_ms?: number;
  /** Units that a refill brings, a minute. */
  readonly refill_per_minute?: number;
}
