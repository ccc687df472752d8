import type { LimitItem } from "./limit-item.ts";
import type { UpdatePlan } from "./plan/plan.ts";

/** How a conditional update ended. `before` is the item before the update; undefined: there was none. */
export interface UpdateResult {
  readonly applied: boolean;
  readonly before: LimitItem | undefined;
}

/** Where limit items live. Every update is atomic for its item. */
export interface LimitStore {
  /**
   * Writes the plan if its conditions hold. A refused update returns the item too, so that no read is needed.
   * @throws TransientError when the store cannot be reached; whether the plan was written is then unknown.
   */
  update(limitKey: string, plan: UpdatePlan): Promise<UpdateResult>;
  /**
   * Reads the newest item.
   * @throws TransientError when the store cannot be reached.
   */
  read(limitKey: string): Promise<LimitItem | undefined>;
}
