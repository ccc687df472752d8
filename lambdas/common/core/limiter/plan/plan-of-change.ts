import { type LimitItem, LimitItemSchema } from "../limit-item.ts";
import type { Condition, LimitAttribute, LimitValue, UpdatePlan } from "./plan.ts";

const ATTRIBUTES = LimitItemSchema.keyof().options;

/** Conditions that the named attributes, absent ones included, are still as they were seen. */
export const asSeen = (item: LimitItem, attributes: Iterable<LimitAttribute>): Condition[] =>
  [...new Set(attributes)].map((attribute) => {
    const value = item[attribute];
    return value === undefined ? { kind: "not-exists", attribute } : { kind: "equals", attribute, value };
  });

/**
 * The plan that changes `before` into `after`. It is valid only while all that it changes, and all that `basedOn`
 * names, is still as in `before`. Undefined when nothing differs.
 * @param raised a number that only ever rises. It may have risen meanwhile, as long as it is still below the new value.
 * This lets the report of a 429 through while grants keep moving `next_free_ms`.
 */
export const planOfChange = (
  before: LimitItem,
  after: LimitItem,
  basedOn: readonly LimitAttribute[],
  raised?: LimitAttribute,
): UpdatePlan | undefined => {
  const set: Partial<Record<LimitAttribute, LimitValue>> = {};
  const remove: LimitAttribute[] = [];
  for (const name of ATTRIBUTES) {
    const value = after[name];
    if (before[name] === value) continue;
    if (value === undefined) remove.push(name);
    else set[name] = value;
  }
  const changed = [...ATTRIBUTES.filter((name) => name in set), ...remove];
  if (changed.length === 0) return undefined;
  const ceiling = raised === undefined ? undefined : set[raised];
  if (raised === undefined || typeof ceiling !== "number") {
    return { expect: asSeen(before, [...basedOn, ...changed]), set, add: {}, remove };
  }
  const fenced = [...basedOn, ...changed].filter((name) => name !== raised);
  const expect: Condition[] = [...asSeen(before, fenced), { kind: "lt", attribute: raised, value: ceiling }];
  return { expect, set, add: {}, remove };
};

/** The plan that stores an item where there is none. */
export const planOfCreation = (item: LimitItem): UpdatePlan => {
  const set: Partial<Record<LimitAttribute, LimitValue>> = {};
  for (const name of ATTRIBUTES) {
    const value = item[name];
    if (name !== "limit_key" && value !== undefined) set[name] = value;
  }
  return { expect: [{ kind: "not-exists", attribute: "limit_key" }], set, add: {}, remove: [] };
};
