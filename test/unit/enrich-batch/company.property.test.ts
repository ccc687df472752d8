import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { testRuns } from "../../helpers/test-runs.ts";
import { testSeed } from "../../helpers/test-seed.ts";
import { CompanyWorld } from "./company-world.ts";

const SEED = testSeed("company", 20_261_129);

const scenario = fc.record({
  seed: fc.nat(),
  workers: fc.constantFrom(1, 2, 4, 10),
  receives: fc.constantFrom(1, 3, 10),
  lane: fc.constantFrom("express" as const, "bulk" as const),
  lateTimers: fc.constantFrom(0, 0.2),
  catalogs: fc.array(
    fc.record({
      products: fc.integer({ min: 1, max: 23 }),
      afterMs: fc.integer({ min: 0, max: 8_000 }),
      fallback: fc.boolean(),
    }),
    { minLength: 1, maxLength: 12 },
  ),
});

const worldOf = (
  setting: ConstructorParameters<typeof CompanyWorld>[0],
  catalogs: readonly { products: number; afterMs: number; fallback: boolean }[],
) => {
  const world = new CompanyWorld(setting);
  for (const { products, afterMs, fallback } of catalogs) world.upload(products, afterMs, { fallback });
  return world;
};

describe("calls that get company from the queue", () => {
  it("enrich each product once, and end every message, in any order of workers", async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async ({ catalogs, ...setting }) => {
        const world = worldOf(setting, catalogs);
        await world.finish();
        const products = catalogs.reduce((sum, one) => sum + one.products, 0);
        expect(world.calls.flat()).toHaveLength(products);
        expect(new Set(world.calls.flat()).size).toBe(products);
        expect(Math.max(...world.calls.map((call) => call.length))).toBeLessThanOrEqual(10);
        expect(world.deadLetters).toBe(0);
      }),
      { seed: SEED, numRuns: testRuns(25) },
    );
  });

  it("lose no product and use up no deliveries when workers die and answers of the queue are lost", async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async ({ catalogs, ...setting }) => {
        const world = worldOf({ ...setting, deaths: 0.15, lostAnswers: 0.1 }, catalogs);
        await world.finish();
        for (const run of world.stores.runs.values()) {
          expect(run).toMatchObject({ state: "completed", pending: 0, enriched: run.uploaded, failed: 0 });
        }
        expect(world.deadLetters).toBe(0);
      }),
      { seed: SEED, numRuns: testRuns(25) },
    );
  });
});
