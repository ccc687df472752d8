import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TransientError } from "../../../lambdas/common/core/errors.ts";
import { newRevocation } from "../../../lambdas/common/core/licences/revocations/revocation.ts";
import { PRODUCT_FIELDS, type Product } from "../../../lambdas/common/core/products/product.ts";
import { NOON } from "../../helpers/rows.ts";
import { testRuns } from "../../helpers/test-runs.ts";
import { testSeed } from "../../helpers/test-seed.ts";
import { exportOf, GONE, origins, productOf, STAYING } from "./revoked-content.ts";
import { SweepWorld } from "./sweep-world.ts";

const SEED = testSeed("sweep passes at once");
const DAY_MS = 86_400_000;
const REVOCATION_ID = "rev_0123456789abcdef";

/** A field of it ends two minutes after noon, so that the passes that sweep by licence write the product too. */
const withEnding = (product: Product): Product => {
  const { title, ...provenance } = product.provenance;
  const fetched_at = new Date(NOON + 120_000 - DAY_MS).toISOString();
  return { ...product, provenance: { ...provenance, title: { source: "creators-api", fetched_at } } };
};

describe("what a revocation removed", () => {
  it("is what was held, however many passes work at once and whatever else of the sweep meets it", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(origins, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 4 }),
        fc.boolean(),
        fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 4 }),
        fc.scheduler(),
        async (stored, passes, isTableDue, throttled, scheduler) => {
          const world = new SweepWorld();
          const products = stored.map((one, index) => withEnding(productOf(index, one)));
          if (!isTableDue) await world.sweep();
          await world.save(...products);
          world.nowMs = NOON + 60_000;
          // Their end by licence is noted for now: another step of the same pass meets them.
          await world.ends.note([
            {
              endsAtMs: NOON,
              content: { kind: "products", product_keys: products.map(({ product_id }) => product_id) },
            },
          ]);
          world.nowMs = NOON + 180_000;
          for (let index = 0; index < 4; index += 1) world.objects.set(`raw/${GONE}/2026-11-23/${index}`, NOON);
          for (const [id, sources] of [
            ["exp_000000000000000a", [STAYING]],
            ["exp_000000000000000b", [STAYING, GONE]],
            ["exp_000000000000000c", [GONE]],
          ] as const) {
            await world.exports.create(exportOf(id, [...sources]));
            world.objects.set(`exports/${id}/export.csv`, NOON);
          }
          await world.revocations.create(
            newRevocation({ revocation_id: REVOCATION_ID, source: GONE, requested_by: "op" }, world.nowMs),
          );
          world.gate = () => scheduler.schedule(Promise.resolve());
          let commands = 0;
          world.onCommand = (table) => {
            if (table === "content-ends") return;
            commands += 1;
            if (throttled.includes(commands)) throw new TransientError("throttled");
          };
          const pass = (): Promise<unknown> =>
            world.sweep().catch((error: unknown) => expect(throttled, String(error)).not.toEqual([]));
          await scheduler.waitFor(Promise.all(Array.from({ length: passes }, pass)));
          world.gate = async () => {};
          // A fault keeps no pass from it that comes after: without one each of these finds nothing left.
          for (let later = 0; later < throttled.length; later += 1) await pass();
          const held = products.map(
            ({ provenance }) => PRODUCT_FIELDS.filter((field) => provenance[field]?.source === GONE).length,
          );
          for (const { product_id } of products) {
            const item = world.item(product_id);
            expect(JSON.stringify(item?.provenance)).not.toMatch(/keepa|creators-api/);
            expect(item?.title).toBeNull();
          }
          expect(await world.revocations.get(REVOCATION_ID)).toMatchObject({
            state: "settling",
            removed: {
              products: held.filter((fields) => fields > 0).length,
              fields: held.reduce((sum, fields) => sum + fields, 0),
              raw_answers: 4,
              exports: 2,
            },
          });
        },
      ),
      { numRuns: testRuns(40), seed: SEED },
    );
  });
});

describe("sweeps of the same products at once", () => {
  it("bring back nothing that another one removed, and count each field once", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(origins, { minLength: 1, maxLength: 3 }),
        fc.array(fc.subarray([GONE, STAYING]), { minLength: 2, maxLength: 4 }),
        fc.scheduler(),
        async (stored, sweeps, scheduler) => {
          const world = new SweepWorld();
          const products = stored.map((one, index) => withEnding(productOf(index, one)));
          await world.save(...products);
          world.nowMs = NOON + 180_000;
          world.gate = () => scheduler.schedule(Promise.resolve());
          const keys = products.map(({ product_id }) => product_id);
          const swept = await scheduler.waitFor(
            Promise.all(sweeps.map((revoked) => world.products.sweep(keys, new Set(revoked)))),
          );
          for (const source of [GONE, STAYING, "creators-api"] as const) {
            const goes = source === "creators-api" || sweeps.flat().includes(source);
            const of = (product: Pick<Product, "provenance"> | undefined): number =>
              Object.values(product?.provenance ?? {}).filter((origin) => origin?.source === source).length;
            const held = products.reduce((sum, product) => sum + of(product), 0);
            const left = keys.reduce((sum, key) => sum + of(world.item(key) as Product | undefined), 0);
            expect(left, source).toBe(goes ? 0 : held);
            expect(swept.reduce((sum, { fields }) => sum + (fields[source] ?? 0), 0)).toBe(goes ? held : 0);
          }
        },
      ),
      { numRuns: testRuns(60), seed: SEED },
    );
  });
});
