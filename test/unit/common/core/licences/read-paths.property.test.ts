import fc from "fast-check";
import { expect, it } from "vitest";
import { LIFTABLE_RULES } from "../../../../../lambdas/common/core/licences/acknowledgements.ts";
import { SOURCE_IDS } from "../../../../../lambdas/common/core/source-ids.ts";
import { testRuns } from "../../../../helpers/test-runs.ts";
import { testSeed } from "../../../../helpers/test-seed.ts";
import { READ_PATHS } from "../../../../helpers/worlds/read-paths.ts";
import { MARKED_FIELDS, RightsWorld } from "../../../../helpers/worlds/rights-world.ts";

const SEED = testSeed("read paths and licences");
const HOUR_MS = 3_600_000;
const ASINS = ["B000000001", "B000000002", "B000000003", "B000000004"];

const source = fc.constantFrom(...SOURCE_IDS);
const origin = fc.record({
  source,
  ageMs: fc.oneof(fc.integer({ min: 0, max: 30 * HOUR_MS }), fc.integer({ min: 23 * HOUR_MS, max: 24 * HOUR_MS })),
});
const step = fc.oneof(
  fc.record({
    kind: fc.constant("put" as const),
    asin: fc.constantFrom(...ASINS),
    origins: fc.array(fc.option(origin, { freq: 6 }), {
      minLength: MARKED_FIELDS.length,
      maxLength: MARKED_FIELDS.length,
    }),
  }),
  fc.record({ kind: fc.constant("record" as const), asin: fc.constantFrom(...ASINS), source }),
  fc.record({ kind: fc.constant("revoke" as const), sources: fc.uniqueArray(source, { maxLength: 2 }) }),
  fc.record({
    kind: fc.constant("acknowledge" as const),
    rules: fc.array(fc.tuple(source, fc.constantFrom(...LIFTABLE_RULES)), { maxLength: 4 }),
  }),
  fc.record({ kind: fc.constant("wait" as const), ms: fc.integer({ min: 0, max: 12 * HOUR_MS }) }),
  fc.record({
    kind: fc.constant("read" as const),
    path: fc.constantFrom(...READ_PATHS.filter(({ read }) => read !== null)),
    callMs: fc.integer({ min: 0, max: 4_000 }),
    /** How long before its end a product is that is read; sources may be asked meanwhile. */
    edge: fc.option(
      fc.tuple(
        fc.constantFrom(...ASINS),
        fc.array(fc.integer({ min: -2, max: 8_000 }), {
          minLength: MARKED_FIELDS.length,
          maxLength: MARKED_FIELDS.length,
        }),
      ),
    ),
  }),
);

/** A complete product of which every field ends in so many milliseconds. */
const putAtEdge = (world: RightsWorld, asin: string, leftMs: readonly number[]): Promise<void> =>
  world.put(
    asin,
    Object.fromEntries(
      MARKED_FIELDS.map((field, index) => [
        field,
        { source: "creators-api" as const, atMs: world.nowMs - 24 * HOUR_MS + (leftMs[index] ?? 0) },
      ]),
    ),
  );

it("no read path gives out what ended, was revoked or may not be recorded, whatever was written, waited and lifted before", async () => {
  const seen = new Map<string, number>();
  const forbidden = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 30, maxLength: 60 }), async (steps) => {
      const world = new RightsWorld();
      for (const one of steps) {
        switch (one.kind) {
          case "put": {
            const entries = MARKED_FIELDS.flatMap((field, index) => {
              const drawn = one.origins[index];
              return drawn ? [[field, { source: drawn.source, atMs: world.nowMs - drawn.ageMs }] as const] : [];
            });
            await world.put(one.asin, Object.fromEntries(entries));
            break;
          }
          case "record":
            await world.record(one.asin, "current_price", [{ source: one.source, atMs: world.nowMs }]);
            break;
          case "revoke":
            world.revoke(one.sources);
            break;
          case "acknowledge":
            world.acknowledge(one.rules);
            break;
          case "wait":
            world.api.clock.advance(one.ms);
            break;
          case "read": {
            world.callMs = one.callMs;
            if (one.edge) await putAtEdge(world, ...one.edge);
            const { file, read, givesChanges } = one.path;
            for await (const text of read?.(world, ASINS) ?? []) {
              const marks = world.marksIn(text);
              seen.set(file, (seen.get(file) ?? 0) + marks.length);
              for (const mark of marks) {
                const why = world.forbids(mark, givesChanges);
                if (why !== null) throw new Error(`${file} gave out a value of ${mark.source}: ${why}`);
              }
            }
            forbidden.set("held back", (forbidden.get("held back") ?? 0) + world.countForbidden());
            break;
          }
        }
      }
    }),
    { numRuns: testRuns(100), seed: SEED },
  );
  for (const { file, read } of READ_PATHS) {
    // An estimate counts, and gives out no value at all.
    if (read && !file.endsWith("estimate-upload.ts")) expect(seen.get(file), file).toBeGreaterThan(0);
  }
  // Else the test would prove little.
  expect(forbidden.get("held back")).toBeGreaterThan(1_000);
});
