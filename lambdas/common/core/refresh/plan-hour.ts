import { type DueProduct, PLAN_EVERY_MS, shopOf } from "./due-product.ts";

/**
 * Share of a plan, when not all can be kept, that goes to the products which wait longest, however few read them: so none
 * starves. A fifth costs readers little, because the products that it displaces are the least read of the plan.
 */
export const LONGEST_WAITING_SHARE = 0.2;

/** One upstream call of the refresh. */
export interface PlannedCall {
  readonly marketplace: string;
  /** 1 to `idsPerCall` products of that shop. */
  readonly products: readonly DueProduct[];
}

/** What one plan may use. */
export interface HourlyBudget {
  readonly nowMs: number;
  /** Most calls. */
  readonly calls: number;
  readonly idsPerCall: number;
}

/** The plan of one hour. */
export interface HourlyPlan {
  readonly calls: readonly PlannedCall[];
  /** Whether more had to be fetched than the budget carries, so that worth decided. */
  readonly scarce: boolean;
  /** Products that should have been in this plan and are not. */
  readonly leftOut: number;
}

/** Plans after this one that still come early enough for a product; 0: this is the last one. */
const laterPlans = ({ endsAtMs }: DueProduct, nowMs: number): number =>
  Math.max(0, Math.floor((endsAtMs - PLAN_EVERY_MS - nowMs) / PLAN_EVERY_MS));

const byEnd = (a: DueProduct, b: DueProduct): number => a.endsAtMs - b.endsAtMs || (a.key < b.key ? -1 : 1);
const byWait = (a: DueProduct, b: DueProduct): number => a.fetchedAtMs - b.fetchedAtMs || (a.key < b.key ? -1 : 1);
const byWorth = (a: DueProduct, b: DueProduct): number => b.worth - a.worth || byWait(a, b);

/**
 * How many products this plan must carry, so that none ends and the next plans need not carry more than it: the largest
 * mean of those that must be fetched within the next one, two, three … plans.
 */
const neededNow = (inOrder: readonly DueProduct[], nowMs: number): number => {
  let needed = 0;
  inOrder.forEach((product, index) => {
    needed = Math.max(needed, Math.ceil((index + 1) / (laterPlans(product, nowMs) + 1)));
  });
  return needed;
};

/** Those that the plan chooses from when it cannot carry all: the longest waiting for their share, then by worth. */
const byChoice = (urgent: readonly DueProduct[], room: number): DueProduct[] => {
  const waiting = urgent.toSorted(byWait).slice(0, Math.ceil(room * LONGEST_WAITING_SHARE));
  const chosen = new Set(waiting);
  return [...waiting, ...urgent.filter((product) => !chosen.has(product)).toSorted(byWorth)];
};

/** Puts products into calls in their order, as long as calls are left; `wanted` of them open new calls, later ones fill. */
const toCalls = (inOrder: readonly DueProduct[], wanted: number, { calls: most, idsPerCall }: HourlyBudget) => {
  const calls: { marketplace: string; products: DueProduct[] }[] = [];
  const open = new Map<string, DueProduct[]>();
  inOrder.forEach((product, index) => {
    const marketplace = shopOf(product.key);
    const call = open.get(marketplace);
    if (call && call.length < idsPerCall) {
      call.push(product);
    } else if (index < wanted && calls.length < most) {
      const products = [product];
      calls.push({ marketplace, products });
      open.set(marketplace, products);
    }
  });
  return calls;
};

/**
 * Plans the calls of one hour. While the budget carries all that must be fetched, the earliest end comes first, and the load is
 * spread evenly over the plans that are early enough. When it does not, what readers see comes first, and a share goes to the
 * products that wait longest. Every call is filled with further due products of its shop.
 * @param due each product once, all of them due
 */
export const planHour = (due: readonly DueProduct[], budget: HourlyBudget): HourlyPlan => {
  const { nowMs } = budget;
  const inOrder = due.toSorted(byEnd);
  const needed = neededNow(inOrder, nowMs);
  const planned = toCalls(inOrder, needed, budget);
  const carried = new Set(planned.flatMap(({ products }) => products));
  if (inOrder.slice(0, needed).every((product) => carried.has(product))) {
    return { calls: planned, scarce: false, leftOut: 0 };
  }
  const urgent = inOrder.filter((product) => laterPlans(product, nowMs) === 0);
  const chosen = byChoice(urgent, budget.calls * budget.idsPerCall);
  const others = inOrder.filter((product) => laterPlans(product, nowMs) > 0);
  const calls = toCalls([...chosen, ...others], due.length, budget);
  const taken = calls.reduce((sum, { products }) => sum + products.length, 0);
  return { calls, scarce: true, leftOut: Math.max(0, Math.max(needed, urgent.length) - taken) };
};
