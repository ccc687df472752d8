const MINUTE_MS = 60_000;
/** Unused tokens end after an hour. */
const MINUTES_KEPT = 60;

/** What the envelope of every answer says of the bucket. */
export interface BucketReading {
  readonly tokensLeft: number;
  /** Milliseconds until the next refill. */
  readonly refillIn: number;
  readonly refillRate: number;
}

/** Keepa's allowance: `rate` tokens at each whole minute of its own, at most an hour's worth; it may be overdrawn. */
export class TokenBucket {
  #tokens: number;
  #lastRefillMs: number;

  constructor(rate: number, atMs: number) {
    this.#tokens = rate * MINUTES_KEPT;
    this.#lastRefillMs = atMs;
  }

  read(rate: number, atMs: number): BucketReading {
    const minutes = Math.max(0, Math.floor((atMs - this.#lastRefillMs) / MINUTE_MS));
    this.#lastRefillMs += minutes * MINUTE_MS;
    this.#tokens = Math.min(rate * MINUTES_KEPT, this.#tokens + minutes * rate);
    return {
      tokensLeft: this.#tokens,
      refillIn: Math.max(1, Math.ceil(this.#lastRefillMs + MINUTE_MS - atMs)),
      refillRate: rate,
    };
  }

  /** Takes what a call cost, below zero if need be: whether it may run was asked before. */
  spend(tokens: number): void {
    this.#tokens -= tokens;
  }

  /** Puts the bucket to a level. */
  set(tokens: number): void {
    this.#tokens = tokens;
  }

  /** Full again, and the next refill a minute away. */
  refill(rate: number, atMs: number): void {
    this.#tokens = rate * MINUTES_KEPT;
    this.#lastRefillMs = atMs;
  }
}
