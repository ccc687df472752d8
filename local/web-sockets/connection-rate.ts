/** Lets so many through in a second, evenly: a bucket that holds one second's worth. */
export class ConnectionRate {
  readonly #perSecond: number;
  readonly #now: () => number;
  #left: number;
  #filledMs: number;

  /** @param now milliseconds */
  constructor(perSecond: number, now: () => number) {
    this.#perSecond = perSecond;
    this.#now = now;
    this.#left = perSecond;
    this.#filledMs = now();
  }

  /** Whether one more may come now. */
  take(): boolean {
    const now = this.#now();
    this.#left = Math.min(this.#perSecond, this.#left + ((now - this.#filledMs) * this.#perSecond) / 1_000);
    this.#filledMs = now;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
