import type { LimitItem } from "../../../../../lambdas/common/core/limiter/limit-item.ts";
import type { LimitStore, UpdateResult } from "../../../../../lambdas/common/core/limiter/limit-store.ts";
import { applyPlan, planHolds } from "../../../../../lambdas/common/core/limiter/plan/apply-plan.ts";
import type { UpdatePlan } from "../../../../../lambdas/common/core/limiter/plan/plan.ts";

/** Conditional store in memory: every operation is atomic, and `step` decides when it happens and when its answer comes. */
export class MemoryLimitStore implements LimitStore {
  readonly items = new Map<string, LimitItem>();
  readonly plans: UpdatePlan[] = [];
  reads = 0;
  refusals = 0;
  /** Receives every write at its very moment. */
  onApplied: (before: LimitItem | undefined, after: LimitItem) => void = () => undefined;
  readonly #step: () => Promise<void>;

  constructor(step: () => Promise<void> = async () => undefined) {
    this.#step = step;
  }

  async update(limitKey: string, plan: UpdatePlan): Promise<UpdateResult> {
    await this.#step();
    this.plans.push(plan);
    const before = this.items.get(limitKey);
    const applied = planHolds(before, plan);
    if (applied) {
      const after = applyPlan(limitKey, before, plan);
      this.items.set(limitKey, after);
      this.onApplied(before, after);
    } else this.refusals += 1;
    await this.#step();
    return { applied, before };
  }

  async read(limitKey: string): Promise<LimitItem | undefined> {
    await this.#step();
    this.reads += 1;
    const item = this.items.get(limitKey);
    await this.#step();
    return item;
  }
}
