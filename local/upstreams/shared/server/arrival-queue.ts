interface Waiting {
  readonly atMs: number;
  readonly arrive: (atMs: number) => void;
}

/**
 * Lets requests arrive in the order of their arrival, however late timers ring: each at its own time, and all that are due
 * with it before it.
 */
export class ArrivalQueue {
  readonly #waiting: Waiting[] = [];

  /** Calls `arrive` after `delayMs`, with the time of arrival; at once when there is no delay. */
  add(sentMs: number, delayMs: number, arrive: (atMs: number) => void): void {
    const atMs = sentMs + delayMs;
    if (delayMs <= 0 && this.#waiting.length === 0) {
      arrive(atMs);
      return;
    }
    const place = this.#waiting.findIndex((other) => other.atMs > atMs);
    this.#waiting.splice(place < 0 ? this.#waiting.length : place, 0, { atMs, arrive });
    setTimeout(() => this.#arriveUntil(atMs), Math.max(0, delayMs));
  }

  #arriveUntil(atMs: number): void {
    while ((this.#waiting[0]?.atMs ?? Number.POSITIVE_INFINITY) <= atMs) {
      const first = this.#waiting.shift();
      first?.arrive(first.atMs);
    }
  }
}
