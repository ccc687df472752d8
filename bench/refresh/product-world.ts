import { HOUR_MS } from "../../lambdas/common/core/durations.ts";
import { FRESH_FOR_MS } from "../../lambdas/common/core/refresh/due-product.ts";
import { worthOf } from "../../lambdas/common/core/refresh/worth.ts";
import { randomNumbers } from "../shared/random-numbers.ts";

const HOURS_PER_DAY = 24;

/** A stored product whose content may be kept for a day, and what its readers see of it. */
export interface SimulatedProduct {
  readonly key: string;
  readonly bucket: number;
  readonly viewsPerDay: number;
  readonly worth: number;
  fetchedAtMs: number;
  endsAtMs: number;
}

/** Stored products with what was seen of them. The same for the same seed. */
export class ProductWorld {
  readonly products: readonly SimulatedProduct[];
  readonly #startMs: number;
  /** Milliseconds that all products together were fresh, and the same weighed by their readers. */
  #freshMs = 0;
  #freshViews = 0;
  /** Products that ended at least once. */
  readonly #ended = new Set<SimulatedProduct>();

  /**
   * Products fetched at any time of the day before. Views follow Zipf's law, one a day and product on average; the planner
   * knows in how many hours of a day somebody looks, as the counters do.
   */
  constructor(count: number, startMs: number, seed: number) {
    this.#startMs = startMs;
    const random = randomNumbers(seed);
    const sum = Array.from({ length: count }, (_, index) => 1 / (index + 1)).reduce((all, one) => all + one, 0);
    this.products = Array.from({ length: count }, (_, index) => {
      const viewsPerDay = count / (index + 1) / sum;
      const hoursPerDay = HOURS_PER_DAY * (1 - Math.exp(-viewsPerDay / HOURS_PER_DAY));
      const fetchedAtMs = startMs - random() * 23 * HOUR_MS;
      return {
        key: `www.amazon.com#B0${String(index).padStart(8, "0")}`,
        bucket: Math.floor(random() * HOURS_PER_DAY),
        viewsPerDay,
        worth: worthOf({ viewsPerDay: hoursPerDay, changesPerDay: 0 }),
        fetchedAtMs,
        endsAtMs: fetchedAtMs + FRESH_FOR_MS,
      };
    });
  }

  /** Stores a new answer. */
  fetched(product: SimulatedProduct, nowMs: number): void {
    this.#settle(product, nowMs);
    product.fetchedAtMs = nowMs;
    product.endsAtMs = nowMs + FRESH_FOR_MS;
  }

  /** What readers had until `nowMs`; call once. */
  result(nowMs: number) {
    for (const product of this.products) this.#settle(product, nowMs);
    const days = (nowMs - this.#startMs) / FRESH_FOR_MS;
    const views = this.products.reduce((sum, { viewsPerDay }) => sum + viewsPerDay * days, 0);
    return {
      neverEnded: this.products.length - this.#ended.size,
      freshShare: this.#freshMs / (this.products.length * (nowMs - this.#startMs)),
      views,
      freshViews: this.#freshViews,
    };
  }

  #settle(product: SimulatedProduct, nowMs: number): void {
    if (product.endsAtMs < nowMs) this.#ended.add(product);
    const freshMs = Math.max(0, Math.min(nowMs, product.endsAtMs) - Math.max(product.fetchedAtMs, this.#startMs));
    this.#freshMs += freshMs;
    this.#freshViews += (freshMs / FRESH_FOR_MS) * product.viewsPerDay;
  }
}
