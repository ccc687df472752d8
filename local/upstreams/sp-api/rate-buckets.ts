/** What an operation may do: `rate` calls a second on the average, `burst` at once. */
export interface Rate {
  readonly rate: number;
  readonly burst: number;
}

/** One bucket an operation, filled all the time and full at the start. A refused call takes nothing. */
export class RateBuckets {
  readonly #buckets = new Map<string, { left: number; atMs: number }>();

  /** True when the operation had a call left, which is then taken. */
  take(operation: string, { rate, burst }: Rate, atMs: number): boolean {
    const bucket = this.#buckets.get(operation) ?? { left: burst, atMs };
    this.#buckets.set(operation, bucket);
    bucket.left = Math.min(burst, bucket.left + (Math.max(0, atMs - bucket.atMs) / 1000) * rate);
    bucket.atMs = Math.max(bucket.atMs, atMs);
    // Summed thirds of a token may miss the whole by a hair.
    if (bucket.left < 1 - 1e-9) return false;
    bucket.left -= 1;
    return true;
  }

  clear(): void {
    this.#buckets.clear();
  }
}
