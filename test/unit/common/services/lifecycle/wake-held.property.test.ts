import { setImmediate as turn } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EnrichlineError } from "../../../../../lambdas/common/core/errors.ts";
import type { ProductOutcome } from "../../../../../lambdas/common/services/enrich/product-outcome.ts";
import { testRuns } from "../../../../helpers/test-runs.ts";
import { testSeed } from "../../../../helpers/test-seed.ts";
import { LifecycleWorld } from "../../../../helpers/worlds/lifecycle/lifecycle-world.ts";

const SEED = testSeed("waking what waited", 20_261_129);
const KEY = "keepa#me";
/** Long enough that nothing comes by its own time in this test. */
const RETRY_MS = 3_600_000;
/** Minutes after the last closing in which all must end: leases of the dead, and the second message of what died unsent. */
const CALM_MINUTES = 8;

/** How often each is done, against the others. `pass`: time passes. */
const ACTS = { wake: 5, reconcile: 2, consume: 5, open: 1, close: 3, pass: 2 } as const;
type Act = keyof typeof ACTS;
const anAct = fc.oneof(
  ...Object.entries(ACTS).map(([act, weight]) => ({ arbitrary: fc.constant(act as Act), weight })),
);
/** A process may die at one of its first so many steps; above that it lives. */
const MAX_STEPS_TO_DEATH = 40;

const scenario = fc.record({
  products: fc.integer({ min: 5, max: 40 }),
  later: fc.boolean(),
  acts: fc.array(fc.record({ act: anAct, dies: fc.integer({ min: 1, max: 3 * MAX_STEPS_TO_DEATH }) }), {
    minLength: 4,
    maxLength: 20,
  }),
  /** Which of the waiting steps goes next. */
  order: fc.array(fc.nat(1_000), { minLength: 20, maxLength: 100 }),
  /** What writes meet, in turn. */
  faults: fc.array(fc.option(fc.constantFrom("conflict" as const, "repeated" as const), { nil: undefined }), {
    minLength: 1,
    maxLength: 8,
  }),
});

const ENRICHED = { kind: "enriched", source: "keepa", fromCache: false, incomplete: false } as const;

/** A table that conflicts for too long ends a pass; the next one continues. */
const mayPass = (error: unknown): boolean => error instanceof EnrichlineError && error.retryable;

describe("products that an open breaker holds up", () => {
  it("are each enriched once, soon after it closes, however wakes, messages, reconcile and deaths fall", async () => {
    let woken = 0;
    await fc.assert(
      fc.asyncProperty(scenario, async ({ products, later, acts, order, faults }) => {
        const steps: (() => void)[] = [];
        let isOrdered = false;
        const world = new LifecycleWorld(() =>
          isOrdered ? new Promise((resolve) => steps.push(resolve)) : Promise.resolve(),
        );
        let isOpen = true;
        const set = async (open: boolean): Promise<void> => {
          isOpen = open;
          await world.setBreaker(KEY, open ? "open" : "closed", world.nowMs + RETRY_MS);
        };
        world.verdict = (): ProductOutcome["result"] =>
          isOpen
            ? {
                kind: "wait",
                retryAtMs: world.nowMs + RETRY_MS,
                shortCall: false,
                later,
                source: "keepa",
                heldBy: [KEY],
              }
            : ENRICHED;
        const workOff = async (): Promise<void> => {
          const process = world.process();
          do await process.dispatcher.topUp();
          while ((await process.consume(10)) > 0);
        };
        await world.open(products, 5);
        await set(true);
        await workOff();
        expect(world.run).toMatchObject({ enriched: 0, held: { [KEY]: true } });

        isOrdered = true;
        let running = 0;
        let place = 0;
        const failures: unknown[] = [];
        const start = (act: Act, dies: number): void => {
          let taken = 0;
          let isOver = false;
          const end = (): void => {
            if (!isOver) running -= 1;
            isOver = true;
          };
          const gate = async (): Promise<void> => {
            taken += 1;
            if (taken === dies) end();
            if (taken >= dies) return new Promise(() => {});
            return world.gate();
          };
          const process = world.process(gate, (attempt) => faults[attempt % faults.length]);
          const work = async (): Promise<unknown> => {
            if (act === "wake") return process.wakeHeld(world.nowMs + 60_000);
            if (act === "reconcile") return process.reconcile();
            if (act === "consume") return process.consume(3);
            if (act === "pass") world.nowMs += 30_000;
            if (act === "close") world.closings.note();
            return act === "pass" ? undefined : set(act === "open");
          };
          running += 1;
          work()
            .then((count) => {
              if (act === "wake") woken += Number(count);
            })
            .catch((error: unknown) => {
              if (!mayPass(error) && !(error instanceof Error && mayPass(error.cause))) failures.push(error);
            })
            .finally(end);
        };
        const drain = async (goal: number): Promise<void> => {
          while (running > 0 && place < goal) {
            await turn();
            const [step] = steps.splice((order[place % order.length] ?? 0) % Math.max(1, steps.length), 1);
            if (step) place += 1;
            step?.();
          }
        };
        for (const [index, { act, dies }] of acts.entries()) {
          start(act, dies > MAX_STEPS_TO_DEATH ? Number.POSITIVE_INFINITY : dies);
          await drain(place + ((order[index % order.length] ?? 0) % 12));
        }
        await drain(Number.POSITIVE_INFINITY);

        isOrdered = false;
        await set(false);
        for (let minute = 0; world.run.pending > 0 && minute < CALM_MINUTES; minute += 1) {
          await world.process().reconcile();
          await workOff();
          world.nowMs += 60_000;
        }
        expect(failures).toEqual([]);
        const { enriched, failed, pending } = world.run;
        expect({ enriched, failed, pending }).toEqual({ enriched: products, failed: 0, pending: 0 });
        expect(world.countedFromRows()).toMatchObject({ enriched: products, pending: 0, parked: 0 });
      }),
      { seed: SEED, numRuns: testRuns(60) },
    );
    console.info(`${woken} batches woken in the midst of others' work`);
    expect(woken).toBeGreaterThan(60);
  });
});
