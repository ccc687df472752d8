import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { newRevocation } from "../../../lambdas/common/core/licences/revocations/revocation.ts";
import { REVOKED } from "../../../lambdas/common/core/licences/revocations/without-revoked.ts";
import { isGiven, openNeeds } from "../../../lambdas/common/core/products/critical-fields.ts";
import { PRODUCT_FIELDS, type Product } from "../../../lambdas/common/core/products/product.ts";
import type { SourceId } from "../../../lambdas/common/core/source-ids.ts";
import { aProduct } from "../../helpers/products.ts";
import { NOON } from "../../helpers/rows.ts";
import { testRuns } from "../../helpers/test-runs.ts";
import { testSeed } from "../../helpers/test-seed.ts";
import { exportOf, GONE, origins, productOf, STAYING } from "./revoked-content.ts";
import { SweepWorld } from "./sweep-world.ts";

const SEED = testSeed("revocations, crashes and late writes");
const STEP_MS = 3 * 60_000;
const REVOCATION_ID = "rev_0123456789abcdef";
const now = new Date(NOON).toISOString();

/** What must hold of a product once its source is revoked, by any reader. */
const expectWithout = (seen: Product | undefined, before: Product): void => {
  for (const field of PRODUCT_FIELDS) {
    const isFromGone = before.provenance[field]?.source === GONE;
    expect(isGiven(seen?.[field]), field).toBe(isGiven(before[field]) && !isFromGone);
    const reason = seen?.missing.find((one) => one.field === field)?.reason;
    if (isFromGone) expect(reason, field).toBe(REVOKED);
  }
  const { asin, created_at } = before;
  const status = seen && openNeeds(seen).length === 0 ? "active" : "draft";
  expect(seen).toMatchObject({ asin, created_at, status });
};

describe("a revocation", () => {
  it("removes all of its source and nothing else, whenever a pass dies and whatever is written late", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(origins, { minLength: 1, maxLength: 12 }),
        fc.array(origins, { maxLength: 3 }),
        fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 6 }),
        async (stored, late, crashes) => {
          const world = new SweepWorld();
          const before = stored.map((one, index) => productOf(index, one));
          await world.save(...before);
          for (const source of [GONE, STAYING]) {
            for (let index = 0; index < 5; index += 1) world.objects.set(`raw/${source}/2026-11-23/${index}`, NOON);
          }
          const files: [string, SourceId[] | undefined][] = [
            ["exp_000000000000000a", [STAYING]],
            ["exp_000000000000000b", [STAYING, GONE]],
            ["exp_000000000000000c", undefined],
          ];
          for (const [id, sources] of files) {
            await world.exports.create(exportOf(id, sources) as never);
            world.objects.set(`exports/${id}/export.csv`, NOON).set(`exports/${id}/export.csv.w-1`, NOON);
          }
          const asked = { revocation_id: REVOCATION_ID, source: GONE, requested_by: "op" };
          await world.revocations.create(newRevocation(asked, NOON));
          const byKey = new Map(before.map((product) => [product.product_id, product]));
          // Written by instances that have not heard of it, after the first pass, as it may be within 15 minutes.
          const lateWrites = async (): Promise<void> => {
            const products = late.map((one, index) => productOf(index + 50, one));
            const uninformed = world.newStore(async () => new Set());
            await uninformed.saveMany(
              products.map((product) => ({ product, raw_keys: [`raw/${GONE}/d/x`], refresh_until: null })),
            );
            for (const product of products) byKey.set(product.product_id, product);
            world.objects.set(`raw/${GONE}/2026-11-23/late`, world.nowMs);
          };
          let state: string | undefined;
          for (let pass = 0; state !== "done"; pass += 1) {
            expect(pass).toBeLessThan(20);
            const crashAfter = crashes[pass];
            let commands = 0;
            world.onCommand = () => {
              commands += 1;
              if (crashAfter !== undefined && commands > crashAfter) throw new Error("the function was killed");
            };
            await world.sweep().catch((error: unknown) => expect(crashAfter, String(error)).toBeDefined());
            world.onCommand = () => {};
            world.nowMs += STEP_MS;
            if (pass === 3) await lateWrites();
            const keys = [...byKey.keys()];
            const seen = await world.store.getMany(keys);
            for (const [key, product] of byKey) expectWithout(seen.get(key), product);
            state = (await world.revocations.get(REVOCATION_ID))?.state;
          }
          for (const product of byKey.values()) {
            const item = world.item(product.product_id);
            expect(JSON.stringify(item)).not.toContain(`"${GONE}"`);
            expectWithout(
              (await world.newStore(async () => new Set()).getMany([product.product_id])).get(product.product_id),
              product,
            );
            expect(String(item?.raw_keys)).not.toContain(`raw/${GONE}/`);
          }
          const left = [...world.objects.keys()].sort();
          expect(left.filter((key) => key.startsWith(`raw/${GONE}/`))).toEqual([]);
          expect(left.filter((key) => key.startsWith(`raw/${STAYING}/`))).toHaveLength(5);
          expect(left.filter((key) => key.startsWith("exports/"))).toEqual([
            "exports/exp_000000000000000a/export.csv",
            "exports/exp_000000000000000a/export.csv.w-1",
          ]);
          const report = await world.revocations.get(REVOCATION_ID);
          if (crashes.length === 0) {
            const holders = [...byKey.values()].filter(({ provenance }) =>
              Object.values(provenance).some((origin) => origin?.source === GONE),
            );
            expect(report?.removed).toMatchObject({ products: holders.length, raw_answers: 6, exports: 2 });
          }
          expect((await world.exports.get("exp_000000000000000b", NOON))?.revoked_source).toBe(GONE);
        },
      ),
      { numRuns: testRuns(20), seed: SEED },
    );
  });

  it("that is ended before it is done removes no more, and what is left is given out again", async () => {
    const world = new SweepWorld();
    const product = productOf(
      1,
      PRODUCT_FIELDS.map(() => true),
    );
    await world.save(product);
    const asked = { revocation_id: REVOCATION_ID, source: GONE, requested_by: "op" };
    const revocation = newRevocation(asked, NOON);
    await world.revocations.create(revocation);
    await world.revocations.advance({ ...revocation, state: "cancelled", ended_at: now }, now);
    await world.sweep();
    expect((await world.store.getMany([product.product_id])).get(product.product_id)?.title).toBe(product.title);
  });

  it("is left to the other one when two passes work on it at once", async () => {
    const world = new SweepWorld();
    await world.save(
      productOf(
        1,
        PRODUCT_FIELDS.map(() => true),
      ),
    );
    await world.revocations.create(
      newRevocation({ revocation_id: REVOCATION_ID, source: GONE, requested_by: "op" }, NOON),
    );
    await Promise.all([world.sweep(), world.sweep(), world.sweep()]);
    expect(await world.revocations.get(REVOCATION_ID)).toMatchObject({ state: "settling", removed: { products: 1 } });
  });
});

describe("the count", () => {
  it("says by source what is held, since when, and by the hour when it ends", async () => {
    const world = new SweepWorld();
    const hour = 3_600_000;
    await world.save(
      aProduct({ last_refresh_at: now }),
      aProduct({
        asin: "B000000002",
        product_id: "www.amazon.com#B000000002",
        last_refresh_at: new Date(NOON - hour).toISOString(),
      }),
    );
    for (let index = 0; index < 4; index += 1) world.objects.set(`raw/keepa/2026-11-23/${index}`, NOON);
    await world.sweep();
    const { last } = await world.counts.read();
    const fields = PRODUCT_FIELDS.filter((field) => isGiven(aProduct()[field])).length;
    expect(last?.held["creators-api"]).toEqual({
      products: 2,
      fields: 2 * fields,
      oldest: new Date(NOON - hour).toISOString(),
      ends: {
        [new Date(NOON + 23 * hour).toISOString().slice(0, 13)]: fields,
        [new Date(NOON + 24 * hour).toISOString().slice(0, 13)]: fields,
      },
      raw_answers: 0,
      exports: 0,
    });
    expect(last?.held.keepa).toMatchObject({ products: 0, fields: 0, oldest: null, ends: {}, raw_answers: 4 });
    world.nowMs = NOON + STEP_MS;
    await world.sweep();
    expect((await world.counts.read()).last?.started_at).toBe(now);
    await world.counts.request(new Date(world.nowMs).toISOString());
    await world.sweep();
    expect((await world.counts.read()).last?.started_at).toBe(new Date(world.nowMs).toISOString());
  });
});
