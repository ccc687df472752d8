import { type LimitItem, LimitItemSchema } from "../limit-item.ts";
import type { Condition, UpdatePlan } from "./plan.ts";

const holds = (item: LimitItem | undefined, condition: Condition): boolean => {
  const value = item?.[condition.attribute];
  if (condition.kind === "not-exists") return value === undefined;
  if (condition.kind === "equals") return value === condition.value;
  if (typeof value !== "number") return false;
  if (condition.kind === "lt") return value < condition.value;
  if (condition.kind === "le") return value <= condition.value;
  if (condition.kind === "gt") return value > condition.value;
  return value >= condition.value;
};

/** Whether all conditions of a plan hold for the item (undefined: none is stored). */
export const planHolds = (item: LimitItem | undefined, plan: UpdatePlan): boolean =>
  plan.expect.every((condition) => holds(item, condition));

/**
 * The item after the plan is written over `before`, by the store's own rules.
 * @throws ZodError when the result is no complete item, which is a bug in the plan.
 */
export const applyPlan = (limitKey: string, before: LimitItem | undefined, plan: UpdatePlan): LimitItem => {
  const after: Record<string, unknown> = { ...before, limit_key: limitKey, ...plan.set };
  for (const [name, amount] of Object.entries(plan.add)) {
    const value = after[name];
    after[name] = (typeof value === "number" ? value : 0) + amount;
  }
  for (const name of plan.remove) delete after[name];
  return LimitItemSchema.parse(after);
};
