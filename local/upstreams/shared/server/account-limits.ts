import { SlidingWindow } from "./sliding-window.ts";

const SECOND_MS = 1000;
const DAY_MS = 86_400_000;

/** Why a call was refused, and when the next one may come. */
export type LimitVerdict =
  | { readonly ok: true }
  | { readonly ok: false; readonly limit: "second" | "day"; readonly retryAfterMs: number };

/** What an account may do. Below 1 a second, one call in each 1/n seconds. */
export interface Allowance {
  readonly calls_per_second: number;
  readonly calls_per_day: number;
  readonly refused_calls_count: boolean;
}

/**
 * One account's pace: at most n calls in any 1,000 ms and m in any rolling 24 hours, whatever the shop or operation.
 * A refused call costs nothing of the day. It holds no place in the second either, unless `refused_calls_count`.
 */
export class AccountLimits {
  readonly #second = new SlidingWindow();
  readonly #day = new SlidingWindow();

  take(atMs: number, allowance: Allowance): LimitVerdict {
    const whole = Math.floor(allowance.calls_per_second);
    const [calls, spanMs] = whole >= 1 ? [whole, SECOND_MS] : [1, SECOND_MS / allowance.calls_per_second];
    const second = this.#second.tryTake(atMs, calls, spanMs);
    if (!second.taken) {
      if (allowance.refused_calls_count) this.#second.takeAnyway(atMs);
      return { ok: false, limit: "second", retryAfterMs: second.retryAfterMs };
    }
    const day = this.#day.tryTake(atMs, allowance.calls_per_day, DAY_MS);
    if (day.taken) return { ok: true };
    if (!allowance.refused_calls_count) this.#second.giveBack(atMs);
    return { ok: false, limit: "day", retryAfterMs: day.retryAfterMs };
  }

  clear(): void {
    this.#second.clear();
    this.#day.clear();
  }
}
