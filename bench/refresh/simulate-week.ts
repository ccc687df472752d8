import type { Clock } from "../../lambdas/common/core/clock.ts";
import type { LimitItem } from "../../lambdas/common/core/limiter/limit-item.ts";
import type { LimitStore } from "../../lambdas/common/core/limiter/limit-store.ts";
import { applyPlan, planHolds } from "../../lambdas/common/core/limiter/plan/apply-plan.ts";
import type { RateLimit } from "../../lambdas/common/core/limiter/rate-limiter.ts";
import { StoreRateLimiter } from "../../lambdas/common/core/limiter/store-rate-limiter.ts";
import { isDue, PLAN_EVERY_MS } from "../../lambdas/common/core/refresh/due-product.ts";
import { callsThisHour } from "../../lambdas/common/core/refresh/hourly-budget.ts";
import { planHour } from "../../lambdas/common/core/refresh/plan-hour.ts";
import { ProductWorld, type SimulatedProduct } from "./product-world.ts";

const HOURS = 7 * 24;
/** Hours before its end in which the ledger of ends names a product. */
const LEDGER_MS = 4 * 3_600_000;
const IDS_PER_CALL = 10;
const CALL_MS = 600;
const HORIZON_MS = 2_000;
const ROUND_TRIP_MS = 150;
const START_MS = Date.UTC(2026, 10, 30);

/** A clock that jumps to what is waited for: one caller has the world for itself. */
class JumpingClock implements Clock {
  #nowMs = START_MS;

  now(): number {
    return this.#nowMs;
  }

  async sleep(ms: number): Promise<void> {
    this.#nowMs += Math.max(0, ms);
  }
}

/** One limit item in memory. */
const memoryStore = (): LimitStore => {
  let item: LimitItem | undefined;
  return {
    update: async (limitKey, plan) => {
      const before = item;
      const applied = planHolds(before, plan);
      if (applied) item = applyPlan(limitKey, before, plan);
      return { applied, before };
    },
    read: async () => item,
  };
};

/** Chooses the products of an hour's calls. */
export type Rule = (
  products: readonly SimulatedProduct[],
  budget: { readonly nowMs: number; readonly hour: number; readonly calls: number },
) => readonly (readonly SimulatedProduct[])[];

/** The product's own planner, over what the ledger of ends and the bucket of the hour show it. */
export const planned: Rule = (products, { nowMs, hour, calls }) => {
  const due = products.filter(
    (product) =>
      isDue(product, nowMs) &&
      (product.bucket === hour || (product.endsAtMs > nowMs && product.endsAtMs <= nowMs + LEDGER_MS)),
  );
  const plan = planHour(due, { nowMs, calls, idsPerCall: IDS_PER_CALL });
  const byKey = new Map(due.map((product) => [product.key, product] as const));
  return plan.calls.map((call) => call.products.flatMap(({ key }) => byKey.get(key) ?? []));
};

/** The plain rule: each hour its twenty-fourth, as far as the day's share carries it. */
export const plain: Rule = (products, { hour, calls }) => {
  const bucket = products.filter((product) => product.bucket === hour);
  return Array.from({ length: Math.min(calls, Math.ceil(bucket.length / IDS_PER_CALL)) }, (_, index) =>
    bucket.slice(index * IDS_PER_CALL, (index + 1) * IDS_PER_CALL),
  );
};

/** What a week came to. */
export interface Week {
  /** Products fetched by hour of the day, of the last six days. */
  readonly byHour: readonly number[];
  readonly calls: number;
  readonly ids: number;
  /** Largest number of calls in any hour. */
  readonly mostCalls: number;
  /** Of the whole allowance of 24 hours, at the end. */
  readonly dayShare: number;
  readonly world: ReturnType<ProductWorld["result"]>;
}

/** Seven days of one rule, with the product's own limiter; nobody else calls. */
export const simulateWeek = async (
  rule: Rule,
  { products: count, limit, seed }: { readonly products: number; readonly limit: RateLimit; readonly seed: number },
): Promise<Week> => {
  const clock = new JumpingClock();
  let id = 0;
  const limiter = new StoreRateLimiter({
    store: memoryStore(),
    clock,
    ids: () => String(id++),
    onStateChange: (change) => {
      throw new Error(`the breaker must stay closed: ${JSON.stringify(change)}`);
    },
  });
  const world = new ProductWorld(count, START_MS, seed);
  const byHour = new Array<number>(24).fill(0);
  let calls = 0;
  let ids = 0;
  let mostCalls = 0;
  let dayShare = 0;
  for (let hour = 0; hour < HOURS; hour += 1) {
    await clock.sleep(START_MS + hour * PLAN_EVERY_MS - clock.now());
    const { refresh } = await limiter.state(limit);
    const most = callsThisHour(
      {
        idsPerCall: IDS_PER_CALL,
        callsPerSecond: limit.callsPerSecond,
        callsPerDay: refresh.unitsPerDay,
        callsLeft: refresh.unitsLeft,
      },
      count,
    );
    const usable = rule === plain ? (refresh.unitsLeft ?? most) : most;
    const plan = rule(world.products, { nowMs: clock.now(), hour: hour % 24, calls: usable });
    const untilMs = START_MS + (hour + 1) * PLAN_EVERY_MS;
    let made = 0;
    for (const call of plan) {
      const slot = await reserve(limiter, clock, limit, untilMs);
      if (!slot) break;
      await limiter.until(slot);
      const fetchedAtMs = clock.now();
      await clock.sleep(Math.min(CALL_MS, 1_000 / limit.callsPerSecond / 2));
      await limiter.report(limit, slot, { kind: "success", signals: {}, latenessMs: 0, roundTripMs: ROUND_TRIP_MS });
      for (const product of call) world.fetched(product, fetchedAtMs);
      made += 1;
      ids += call.length;
      if (hour >= 24) byHour[hour % 24] = (byHour[hour % 24] ?? 0) + call.length;
    }
    calls += made;
    mostCalls = Math.max(mostCalls, made);
    const { usedToday } = await limiter.state(limit);
    if (hour >= 25) dayShare = Math.max(dayShare, usedToday / (limit.unitsPerDay ?? Number.POSITIVE_INFINITY));
  }
  await clock.sleep(START_MS + HOURS * PLAN_EVERY_MS - clock.now());
  return { byHour, calls, ids, mostCalls, dayShare, world: world.result(clock.now()) };
};

const reserve = async (limiter: StoreRateLimiter, clock: Clock, limit: RateLimit, untilMs: number) => {
  while (clock.now() < untilMs) {
    const slot = await limiter.reserve(limit, { priority: "refresh", horizonMs: HORIZON_MS, units: 1 });
    if (slot.granted) return slot;
    if (slot.reason !== "rate") return undefined;
    await clock.sleep(Math.max(1, slot.retryAtMs - clock.now()));
  }
  return undefined;
};
