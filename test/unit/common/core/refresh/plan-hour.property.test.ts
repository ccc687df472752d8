import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type DueProduct,
  isDue,
  PLAN_EVERY_MS,
  shopOf,
} from "../../../../../lambdas/common/core/refresh/due-product.ts";
import { LONGEST_WAITING_SHARE, planHour } from "../../../../../lambdas/common/core/refresh/plan-hour.ts";
import { testRuns } from "../../../../helpers/test-runs.ts";
import { testSeed } from "../../../../helpers/test-seed.ts";

const SEED = testSeed("refresh planner");
const NOW_MS = Date.UTC(2026, 10, 30, 12);
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Products of three shops, 20 to 60 hours old, whose content may be kept for a day. */
const due = fc
  .array(
    fc.record({
      shop: fc.constantFrom("www.amazon.com", "www.amazon.de", "www.amazon.co.jp"),
      ageMs: fc.integer({ min: 20 * HOUR_MS, max: 60 * HOUR_MS }),
      worth: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 50 })),
    }),
    { maxLength: 150 },
  )
  .map((rows): DueProduct[] =>
    rows.map(({ shop, ageMs, worth }, index) => ({
      key: `${shop}#B0${String(index).padStart(8, "0")}`,
      fetchedAtMs: NOW_MS - ageMs,
      endsAtMs: NOW_MS - ageMs + DAY_MS,
      worth,
    })),
  );
const budget = fc.record({
  nowMs: fc.constant(NOW_MS),
  calls: fc.integer({ min: 0, max: 20 }),
  idsPerCall: fc.integer({ min: 1, max: 12 }),
});
const check = <Ts extends [unknown, ...unknown[]]>(property: fc.IProperty<Ts>, runs: number): void =>
  fc.assert(property, { seed: SEED, numRuns: testRuns(runs) });

const byEnd = (a: DueProduct, b: DueProduct): number => a.endsAtMs - b.endsAtMs || (a.key < b.key ? -1 : 1);

describe("the plan of an hour", () => {
  it("names no product twice, keeps to its budget and fills its calls", () => {
    check(
      fc.property(due, budget, (products, asked) => {
        const { calls } = planHour(products, asked);
        expect(calls.length).toBeLessThanOrEqual(asked.calls);
        const taken = calls.flatMap((call) => call.products);
        expect(new Set(taken).size).toBe(taken.length);
        for (const call of calls) {
          expect(call.products.length).toBeGreaterThan(0);
          expect(call.products.length).toBeLessThanOrEqual(asked.idsPerCall);
          expect(call.products.every(({ key }) => shopOf(key) === call.marketplace)).toBe(true);
          if (call.products.length === asked.idsPerCall) continue;
          // A call with room means that its shop has nothing left to fetch.
          const left = products.filter((one) => shopOf(one.key) === call.marketplace && !taken.includes(one));
          expect(left).toEqual([]);
        }
      }),
      300,
    );
  });

  it("takes the earliest ends of each shop while all can be kept, and lets none end", () => {
    check(
      fc.property(due, budget, (products, asked) => {
        const { calls, scarce } = planHour(products, asked);
        if (scarce) return;
        const taken = new Set(calls.flatMap((call) => call.products));
        for (const product of products) {
          const isLastChance = product.endsAtMs < NOW_MS + 2 * PLAN_EVERY_MS;
          if (isLastChance) expect(taken.has(product)).toBe(true);
        }
        for (const shop of new Set(products.map(({ key }) => shopOf(key)))) {
          const inOrder = products.filter(({ key }) => shopOf(key) === shop).toSorted(byEnd);
          const count = inOrder.filter((product) => taken.has(product)).length;
          expect(inOrder.slice(0, count).every((product) => taken.has(product))).toBe(true);
        }
      }),
      300,
    );
  });

  it("gives readers what they read most when not all can be kept, and lets none wait for ever", () => {
    check(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 30, maxLength: 80 }),
        fc.integer({ min: 1, max: 3 }),
        (worths, calls) => {
          const products = worths.map((worth, index) => ({
            key: `www.amazon.com#B0${String(index).padStart(8, "0")}`,
            fetchedAtMs: NOW_MS - 30 * HOUR_MS - index,
            endsAtMs: NOW_MS - 6 * HOUR_MS - index,
            worth,
            served: 0,
          }));
          const perPlan = calls * 5;
          const kept = Math.ceil(perPlan * LONGEST_WAITING_SHARE);
          const mostPlans = Math.ceil(products.length / kept) + 1;
          for (let plan = 0; plan < mostPlans; plan += 1) {
            // A day lies between two plans that see the same bucket, so all of them are due again.
            const nowMs = NOW_MS + plan * DAY_MS;
            const result = planHour(products, { nowMs, calls, idsPerCall: 5 });
            expect(result.scarce).toBe(true);
            const taken = new Set(result.calls.flatMap((call) => call.products.map(({ key }) => key)));
            const waiting = new Set(
              products.toSorted((a, b) => a.fetchedAtMs - b.fetchedAtMs || (a.key < b.key ? -1 : 1)).slice(0, kept),
            );
            const others = products.filter((product) => !waiting.has(product));
            const chosen = others.filter(({ key }) => taken.has(key)).map(({ worth }) => worth);
            const left = others.filter(({ key }) => !taken.has(key)).map(({ worth }) => worth);
            // Beside the share of those that wait longest, nothing is left out that is read more than what was taken.
            expect(Math.min(...chosen)).toBeGreaterThanOrEqual(Math.max(...left));
            for (const product of products) {
              if (!taken.has(product.key)) continue;
              product.served += 1;
              product.fetchedAtMs = nowMs;
              product.endsAtMs = nowMs + DAY_MS;
            }
          }
          expect(Math.min(...products.map(({ served }) => served))).toBeGreaterThan(0);
        },
      ),
      60,
    );
  });

  it("leaves products alone that are younger than 20 hours and have not ended", () => {
    expect(isDue({ fetchedAtMs: NOW_MS - 19 * HOUR_MS, endsAtMs: NOW_MS + 5 * HOUR_MS }, NOW_MS)).toBe(false);
    expect(isDue({ fetchedAtMs: NOW_MS - 20 * HOUR_MS, endsAtMs: NOW_MS + 4 * HOUR_MS }, NOW_MS)).toBe(true);
    expect(isDue({ fetchedAtMs: NOW_MS - HOUR_MS, endsAtMs: NOW_MS }, NOW_MS)).toBe(true);
  });
});
