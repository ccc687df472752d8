import type { LimitItem } from "../limit-item.ts";

/** Name of an attribute of the limit item. */
export type LimitAttribute = keyof LimitItem;
/** What an attribute may hold. */
export type LimitValue = string | number;

/** One condition on the stored item; comparisons are false for an absent attribute. */
export type Condition =
  | { readonly kind: "not-exists"; readonly attribute: LimitAttribute }
  | { readonly kind: "equals"; readonly attribute: LimitAttribute; readonly value: LimitValue }
  | { readonly kind: "lt" | "le" | "gt" | "ge"; readonly attribute: LimitAttribute; readonly value: number };

/** One conditional update of one item. Nothing is written unless all of `expect` holds. */
export interface UpdatePlan {
  readonly expect: readonly Condition[];
  readonly set: Readonly<Partial<Record<LimitAttribute, LimitValue>>>;
  /** Numbers to add; an absent attribute counts as 0. */
  readonly add: Readonly<Partial<Record<LimitAttribute, number>>>;
  readonly remove: readonly LimitAttribute[];
}
