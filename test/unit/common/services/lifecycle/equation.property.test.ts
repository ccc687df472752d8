import { setImmediate as nextTick } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConflictError, EnrichlineError } from "../../../../../lambdas/common/core/errors.ts";
import { unsentProducts } from "../../../../../lambdas/common/core/runs/run.ts";
import type { ProductOutcome } from "../../../../../lambdas/common/services/enrich/product-outcome.ts";
import { testRuns } from "../../../../helpers/test-runs.ts";
import { testSeed } from "../../../../helpers/test-seed.ts";
import { LifecycleWorld } from "../../../../helpers/worlds/lifecycle/lifecycle-world.ts";

const SEED = testSeed("the equation", 20_261_123);

/** How often each is done, against the others. */
const ACTS = { topUp: 4, consume: 7, reconcile: 2, pause: 2, resume: 2, cancel: 1, retry: 3 } as const;
type Act = keyof typeof ACTS;
const anAct = fc.oneof(
  ...Object.entries(ACTS).map(([act, weight]) => ({ arbitrary: fc.constant(act as Act), weight })),
);
/** A process may die at one of its first so many steps; above that it lives. */
const MAX_STEPS_TO_DEATH = 60;

const scenario = fc.record({
  products: fc.integer({ min: 1, max: 40 }),
  batchSize: fc.constantFrom(5, 7),
  acts: fc.array(fc.record({ act: anAct, dies: fc.integer({ min: 1, max: 3 * MAX_STEPS_TO_DEATH }) }), {
    minLength: 6,
    maxLength: 30,
  }),
  /** Which of the waiting steps goes next, and how much time passes before it. */
  order: fc.array(fc.nat(1_000), { minLength: 40, maxLength: 200 }),
  /** What writes meet, one after the other. */
  faults: fc.array(fc.option(fc.constantFrom("conflict" as const, "repeated" as const), { nil: undefined }), {
    minLength: 1,
    maxLength: 12,
  }),
  verdicts: fc.array(fc.integer({ min: 0, max: 11 }), { minLength: 10, maxLength: 10 }),
});

/** Steps wait here until the scenario says which goes next. */
class StepQueue {
  readonly waiting: (() => void)[] = [];
  readonly gate = (): Promise<void> => new Promise((resolve) => this.waiting.push(resolve));
  next(choice: number): void {
    const [step] = this.waiting.splice(choice % this.waiting.length, 1);
    step?.();
  }
}

const verdictOf = (kind: number, nowMs: number): ProductOutcome["result"] => {
  if (kind < 2) {
    const source = nowMs % 2 === 0 ? "creators-api" : "keepa";
    return { kind: "failed", code: kind === 0 ? "ItemNotAccessible" : "NotFound", source };
  }
  if (kind < 4) return { kind: "wait", retryAtMs: nowMs + (kind === 2 ? 0 : 3_600_000), shortCall: false };
  if (kind === 4) return { kind: "retry", code: "ServiceUnavailable", counts: true, suspicion: false };
  if (kind > 9) return { kind: "wait", retryAtMs: nowMs + 3_600_000, shortCall: false, later: kind === 11 };
  return { kind: "enriched", source: "creators-api", fromCache: kind === 9, incomplete: kind === 8 };
};

/** Counts without those that are zero by now. */
const present = (counts: Readonly<Record<string, number>> = {}): Record<string, number> =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0));

const passes = (error: unknown): boolean => error instanceof EnrichlineError && error.retryable;

/** What users read is no fault, nor is a pass of `reconcile` of which a part met a table that conflicts for too long. */
const expected = (error: unknown): void => {
  if (error instanceof ConflictError || passes(error)) return;
  if (error instanceof Error && passes(error.cause)) return;
  throw error;
};

describe("a run, whatever is done to it by whom and in which order", () => {
  it("always adds up, and ends with every product counted once", async () => {
    let checks = 0;
    let mostParked = 0;
    const ends: Record<string, number> = {};
    await fc.assert(
      fc.asyncProperty(scenario, async ({ products, batchSize, acts, order, faults: met, verdicts }) => {
        const queue = new StepQueue();
        const world = new LifecycleWorld(queue.gate);
        await world.open(products, batchSize);
        let visit = 0;
        world.verdict = () => {
          visit += 1;
          return verdictOf(verdicts[visit % verdicts.length] ?? 9, world.nowMs);
        };
        const check = (): void => {
          const { uploaded, pending, enriched, failed, cancelled, settled, failure_counts } = world.run;
          const { parked = 0, parked_first = 0 } = world.run;
          expect(enriched + failed + pending + cancelled).toBe(uploaded);
          const seen = present(failure_counts);
          const groups = present(world.run.failure_groups);
          const counts = { pending, enriched, failed, cancelled, settled, parked, parked_first };
          expect({ ...counts, failure_counts: seen, failure_groups: groups }).toEqual(world.countedFromRows());
          // What is being sent counts as unsent until the sender is through; what is dropped is not pending any more.
          const { claim, dropped } = world.run;
          if (!claim && dropped === undefined) expect(parked).toBeLessThanOrEqual(pending - unsentProducts(world.run));
          mostParked = Math.max(mostParked, parked);
          checks += 1;
        };
        let running = 0;
        let isCalm = false;
        let requests = 0;
        const faults: unknown[] = [];
        const start = (act: Act, dies: number): void => {
          let steps = 0;
          let over = false;
          const end = (): void => {
            if (!over) running -= 1;
            over = true;
          };
          const gate = async (): Promise<void> => {
            steps += 1;
            // The process is killed: nothing that it does has any effect any more.
            if (steps === dies) end();
            if (steps >= dies && dies > 0) return new Promise(() => {});
            return queue.gate();
          };
          const process = world.process(gate, (attempt) => (isCalm ? undefined : met[attempt % met.length]));
          const { lifecycle } = process;
          const work = async (): Promise<unknown> => {
            switch (act) {
              case "topUp":
                return process.dispatcher.topUp();
              case "consume":
                return process.consume(3);
              case "reconcile":
                return process.reconcile();
              case "retry":
                return lifecycle.retry(world.run, {});
              default:
                requests += 1;
                return lifecycle[act](world.run, `request-${requests}`);
            }
          };
          running += 1;
          work()
            .catch(expected)
            .catch((error: unknown) => faults.push(error))
            .finally(end);
        };
        let step = 0;
        const drain = async (until: () => boolean): Promise<void> => {
          for (;;) {
            await nextTick();
            if (until()) return;
            if (queue.waiting.length === 0) continue;
            const choice = order[step % order.length] ?? 0;
            step += 1;
            world.nowMs += choice % 7 === 0 ? 20_000 : choice % 50;
            queue.next(choice);
            await nextTick();
            check();
          }
        };
        for (const [index, { act, dies }] of acts.entries()) {
          start(act, dies > MAX_STEPS_TO_DEATH ? 0 : dies);
          const goal = step + ((order[index % order.length] ?? 0) % 9);
          await drain(() => running === 0 || step >= goal);
        }
        await drain(() => running === 0);
        // Any that is left brings it to its end, once AWS behaves.
        isCalm = true;
        for (let round = 0; world.run.open_shard !== undefined && round < 200; round += 1) {
          world.nowMs += 25 * 60_000;
          if (world.run.state === "paused") start("resume", 0);
          for (const act of ["reconcile", "topUp", "consume", "consume", "consume"] as const) {
            start(act, 0);
            await drain(() => running === 0);
          }
        }
        expect(faults).toEqual([]);
        check();
        expect(world.run).toMatchObject({ pending: 0, finished_at: expect.any(String) });
        expect(world.run.open_shard).toBeUndefined();
        ends[world.run.state] = (ends[world.run.state] ?? 0) + 1;
      }),
      { seed: SEED, numRuns: testRuns(50) },
    );
    console.info(`${checks} checks, ${mostParked} parked at most, runs ended ${JSON.stringify(ends)}`);
    expect(mostParked).toBeGreaterThan(10);
    expect(Object.keys(ends).sort()).toEqual(["cancelled", "completed", "completed_with_failures"]);
  });
});
