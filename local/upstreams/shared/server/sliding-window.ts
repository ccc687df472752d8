/** What a window says of one call. */
export type WindowVerdict = { readonly taken: true } | { readonly taken: false; readonly retryAfterMs: number };

/**
 * At most `limit` calls inside any span of `spanMs` milliseconds, wherever the span begins: not a bucket that
 * lets a burst pass, and no fixed seconds that let two calls meet at their border. Calls may be judged out of
 * the order of their arrival. A refused call leaves no trace unless `takeAnyway` is called for it.
 */
export class SlidingWindow {
  readonly #times: number[] = [];

  /** Takes a place for a call that arrived at `atMs`, or says how long to wait. */
  tryTake(atMs: number, limit: number, spanMs: number): WindowVerdict {
    this.#forget(atMs - 4 * spanMs);
    const times = this.#times;
    const at = this.#placeFor(atMs);
    if (limit < 1) return { taken: false, retryAfterMs: spanMs };
    const timeOf = (index: number): number => (index === at ? atMs : (times[index < at ? index : index - 1] ?? atMs));
    // Every run of limit + 1 neighbours that holds the new call must stretch over the whole span.
    for (let first = Math.max(0, at - limit); first <= Math.min(at, times.length - limit); first += 1) {
      if (timeOf(first + limit) - timeOf(first) < spanMs) {
        const blocking = times[times.length - limit] ?? atMs;
        return { taken: false, retryAfterMs: Math.max(1, Math.ceil(blocking + spanMs - atMs)) };
      }
    }
    this.#times.splice(at, 0, atMs);
    return { taken: true };
  }

  /** Counts a call that was refused, for rules under which hammering keeps the door shut. */
  takeAnyway(atMs: number): void {
    this.#times.splice(this.#placeFor(atMs), 0, atMs);
  }

  /** Gives back the place that a call took, because another rule refused it. */
  giveBack(atMs: number): void {
    const at = this.#times.lastIndexOf(atMs);
    if (at >= 0) this.#times.splice(at, 1);
  }

  /** Calls that arrived after `sinceMs`. */
  countSince(sinceMs: number): number {
    let count = 0;
    for (let at = this.#times.length - 1; at >= 0 && (this.#times[at] ?? 0) > sinceMs; at -= 1) count += 1;
    return count;
  }

  clear(): void {
    this.#times.length = 0;
  }

  #placeFor(atMs: number): number {
    let at = this.#times.length;
    while (at > 0 && (this.#times[at - 1] ?? 0) > atMs) at -= 1;
    return at;
  }

  #forget(beforeMs: number): void {
    let gone = 0;
    while (gone < this.#times.length && (this.#times[gone] ?? 0) < beforeMs) gone += 1;
    if (gone > 0) this.#times.splice(0, gone);
  }
}
