import type { LimitItem } from "./limit-item.ts";
import type { RateLimit, Slot } from "./rate-limiter.ts";

/** What a grant took, as far as the slot itself does not say it. */
export interface Grant {
  /** `units_granted` of the item right after it. */
  readonly unitsGranted: number;
  readonly units: number;
  readonly isRefresh: boolean;
  /** Quarter hour into which its units count. */
  readonly quarter: number;
}

/**
 * What this instance last saw of each key, and what it knows about the slots it granted. Always a guess: every
 * write made from it is conditional.
 */
export class KnownItems {
  readonly #items = new Map<string, LimitItem>();
  readonly #limits = new Map<string, RateLimit>();
  readonly #grants = new WeakMap<Slot, Grant>();

  item(limitKey: string): LimitItem | undefined {
    return this.#items.get(limitKey);
  }

  /** Limit of the key's last reservation. */
  limit(limitKey: string): RateLimit | undefined {
    return this.#limits.get(limitKey);
  }

  /** What the slot's grant took; undefined for a slot of another instance. */
  grantOf(slot: Slot): Grant | undefined {
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

  rememberGrant(slot: Slot, grant: Grant | undefined): void {
    if (grant) this.#grants.set(slot, grant);
  }
}
