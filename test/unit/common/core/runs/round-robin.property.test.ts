import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expressWorkers } from "../../../../../lambdas/common/core/runs/express-workers.ts";
import { Seeded } from "../../../../../local/faults/seeded.ts";
import { testRuns } from "../../../../helpers/test-runs.ts";
import { testSeed } from "../../../../helpers/test-seed.ts";
import { RoundRobinWorld } from "./round-robin-world.ts";

const SEED = testSeed("round-robin", 20_261_123);

const SECONDS = 600;
const CALL_IDS = 10;
/** A small run that came in the last minutes may still be under way. */
const LATEST_SECONDS = 180;

const randomFrom = (seed: number) => {
  const draws = new Seeded(seed);
  return () => draws.next();
};

const scenario = fc.record({
  stage: fc.constantFrom({ callsPerSecond: 1, bulk: 3 }, { callsPerSecond: 2, bulk: 6 }),
  /** How many users keep posting catalogs of 100 products, and how many of their runs each keeps open. */
  hogs: fc.integer({ min: 1, max: 4 }),
  openRuns: fc.constantFrom(1, 10),
  batchSize: fc.constantFrom(20, 50),
  receives: fc.constantFrom(1, 3, 10),
  seed: fc.nat(),
});

describe("users who post express runs without end", () => {
  it("keep neither another one's bulk run nor another one's express runs from continuing", async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async ({ stage, hogs, openRuns, batchSize, receives, seed }) => {
        const { callsPerSecond, bulk } = stage;
        const world = new RoundRobinWorld({
          ...{
            callsPerSecond,
            receives,
            windowSeconds: 15,
            workers: { express: expressWorkers(callsPerSecond), bulk },
            callMs: 700,
          },
          random: randomFrom(seed),
        });
        world.upload("bulky", 100_000);
        let second = 0;
        let smallRuns = 0;
        await world.pass(SECONDS, () => {
          for (let hog = 0; hog < hogs; hog += 1) {
            while (world.openRuns(`hog-${hog}`) < openRuns) world.upload(`hog-${hog}`, 100, batchSize);
          }
          if (second % 60 === 30 && second < SECONDS - LATEST_SECONDS) {
            world.upload("small", 20);
            smallRuns += 1;
          }
          second += 1;
        });
        const total = [...world.done.values()].reduce((sum, products) => sum + products, 0);
        expect(total).toBeGreaterThan(0.9 * SECONDS * callsPerSecond * CALL_IDS);
        expect(world.productsDone("bulky")).toBeGreaterThan(total / (hogs + 1) / 5);
        expect(world.took.get("small")).toHaveLength(smallRuns);
        expect(Math.max(...(world.took.get("small") ?? []))).toBeLessThan(LATEST_SECONDS * 1_000);
      }),
      { seed: SEED, numRuns: testRuns(10) },
    );
  });

  it("get on themselves with all of their own runs, small and large", async () => {
    const world = new RoundRobinWorld({
      ...{
        callsPerSecond: 1,
        receives: 3,
        windowSeconds: 15,
        workers: { express: expressWorkers(1), bulk: 3 },
        callMs: 700,
      },
      random: randomFrom(SEED),
    });
    const first = world.upload("hog", 3_000);
    const second = world.upload("hog", 3_000);
    await world.pass(SECONDS, () => {
      while (world.openRuns("hog") < 8) world.upload("hog", 100);
    });
    for (const run of [first, second]) expect(world.progressOf(run)).toBeGreaterThan(300);
  });
});
