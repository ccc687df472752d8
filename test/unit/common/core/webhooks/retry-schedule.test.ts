import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DAY_MS, HOUR_MS } from "../../../../../lambdas/common/core/durations.ts";
import {
  holdWhileFailing,
  MAX_ATTEMPTS,
  MAX_FAILING_MS,
  waitAfter,
} from "../../../../../lambdas/common/core/webhooks/retry-schedule.ts";
import { planWait } from "../../../../../lambdas/common/core/webhooks/wait-plan.ts";

const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe("the waits of a delivery", () => {
  it("grow, by chance by a tenth at most, and are together more than the day after which an endpoint is switched off", () =>
    fc.assert(
      fc.property(fc.array(chance, { minLength: MAX_ATTEMPTS, maxLength: MAX_ATTEMPTS }), (chances) => {
        const waits = chances.map((random, index) => waitAfter(index + 1, random));
        expect(waits.at(-1)).toBeUndefined();
        const known = waits.filter((wait) => wait !== undefined);
        expect(known).toHaveLength(MAX_ATTEMPTS - 1);
        expect(known).toEqual(known.toSorted((one, other) => one - other));
        const whole = known.reduce((sum, wait) => sum + wait, 0);
        expect(whole).toBeGreaterThan(MAX_FAILING_MS);
        expect(whole).toBeLessThan(1.2 * DAY_MS);
        for (const [index, wait] of known.entries()) {
          const least = waitAfter(index + 1, 0) ?? 0;
          expect(wait).toBeGreaterThanOrEqual(least);
          expect(wait).toBeLessThanOrEqual(Math.ceil(1.1 * least));
        }
      }),
    ));

  it("lie in the queue as long as the queue can hold a message, and else in the row", () =>
    fc.assert(
      fc.property(fc.integer({ min: 0, max: DAY_MS }), (waitMs) => {
        const { dueMs, delaySeconds } = planWait(0, waitMs);
        if (delaySeconds === undefined) expect([waitMs > 900_000, dueMs]).toEqual([true, waitMs]);
        else {
          expect(delaySeconds).toBeLessThanOrEqual(900);
          expect(delaySeconds * 1_000).toBeGreaterThanOrEqual(waitMs);
          expect(dueMs).toBeGreaterThan(delaySeconds * 1_000);
        }
      }),
    ));

  it("of what a failing endpoint holds up grow to an hour and a half", () =>
    fc.assert(
      fc.property(fc.integer({ min: 0, max: DAY_MS }), chance, (failingMs, random) => {
        const hold = holdWhileFailing(failingMs, random);
        expect(hold).toBeGreaterThanOrEqual(30_000);
        expect(hold).toBeLessThanOrEqual(1.5 * HOUR_MS);
      }),
    ));
});
