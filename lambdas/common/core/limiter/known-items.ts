import type { LimitItem } from "./limit-item.ts";
import type { RateLimit, Slot } from "./rate-limiter.ts";

/**
 * What this instance last saw of each key, and what it knows about the slots it granted. Always a guess: every
 * write made from it is conditional.
 */
export class KnownItems {
  readonly #items = new Map<string, LimitItem>();
  readonly #limits = new Map<string, RateLimit>();
  readonly #grants = new WeakMap<Slot, number>();

  item(limitKey: string): LimitItem | undefined {
    return this.#items.get(limitKey);
  }

  /** Limit of the key's last reservation. */
  limit(limitKey: string): RateLimit | undefined {
    return this.#limits.get(limitKey);
  }

  /** `units_granted` right after the slot's grant; undefined for a slot of another instance. */
  unitsAt(slot: Slot): number | undefined {
    return this.#grants.get(slot);
  }

  rememberLimit(limit: RateLimit): void {
    this.#limits.set(limit.limitKey, limit);
  }

  /** Keeps the newer of the two items: answers of concurrent calls may come in any order. */
  remember(item: LimitItem): void {
    const old = this.#items.get(item.limit_key);
    if (old && (old.epoch > item.epoch || old.sequence > item.sequence)) return;
    this.#items.set(item.limit_key, item);
  }

  rememberGrant(slot: Slot, unitsGranted: number): void {
    this.#grants.set(slot, unitsGranted);
  }
}
