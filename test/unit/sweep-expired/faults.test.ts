import { describe, expect, it } from "vitest";
import { TransientError } from "../../../lambdas/common/core/errors.ts";
import { newRevocation, type Revocation } from "../../../lambdas/common/core/licences/revocations/revocation.ts";
import { PRODUCT_FIELDS } from "../../../lambdas/common/core/products/product.ts";
import type { SourceId } from "../../../lambdas/common/core/source-ids.ts";
import { NOON } from "../../helpers/rows.ts";
import { exportOf, GONE, productOf, STAYING } from "./revoked-content.ts";
import { SweepWorld } from "./sweep-world.ts";

const DAY_MS = 24 * 3_600_000;
const FIRST = "rev_000000000000000a";
const SECOND = "rev_000000000000000b";
const all = PRODUCT_FIELDS.map(() => true);
const isoAt = (ms: number): string => new Date(ms).toISOString();

const revoke = async (world: SweepWorld, source: SourceId = GONE, revocation_id = FIRST): Promise<Revocation> => {
  const revocation = newRevocation({ revocation_id, source, requested_by: "op" }, world.nowMs);
  await world.revocations.create(revocation);
  return revocation;
};
const failing = (): never => {
  throw new TransientError("throttled");
};

describe("a revocation whose piece cannot be removed", () => {
  it("is carried on by the next pass, and has come no further", async () => {
    const world = new SweepWorld();
    await world.save(productOf(1, all));
    const { updated_at } = await revoke(world);
    world.nowMs += 1_000;
    const { readOrigins, sweep } = world.products;
    const products = {
      readKeys: failing,
      readOrigins: readOrigins.bind(world.products),
      sweep: sweep.bind(world.products),
    };
    await expect(world.sweep({ products })).rejects.toThrow("a step of the sweep failed");
    expect(await world.revocations.get(FIRST)).toMatchObject({ state: "removing", lease_until: null, updated_at });
    await world.sweep();
    expect(await world.revocations.get(FIRST)).toMatchObject({ state: "settling", removed: { products: 1 } });
  });

  it("keeps no younger one from its work", async () => {
    const world = new SweepWorld();
    await revoke(world);
    world.nowMs += 1;
    await revoke(world, STAYING, SECOND);
    const history = {
      removeSource: (...asked: Parameters<typeof world.history.removeSource>) =>
        asked[0] === GONE ? failing() : world.history.removeSource(...asked),
    };
    await expect(world.sweep({ history })).rejects.toThrow("a step of the sweep failed");
    expect((await world.revocations.get(FIRST))?.state).toBe("removing");
    expect((await world.revocations.get(SECOND))?.state).toBe("settling");
  });

  it("counts what went beside the fault, once", async () => {
    const world = new SweepWorld();
    await world.sweep();
    const products = [1, 2, 3].map((index) => productOf(index, all));
    await world.save(...products);
    await revoke(world);
    let writes = 0;
    world.onCommand = (table) => {
      if (table !== "products") return;
      writes += 1;
      // Keys and items are read by one command each; then the second product's write.
      if (writes === 4) failing();
    };
    await world.sweep().catch(() => undefined);
    world.onCommand = () => {};
    await world.sweep();
    const { removed } = (await world.revocations.get(FIRST)) ?? {};
    const fields = products.flatMap(({ provenance }) => Object.keys(provenance)).length;
    expect(removed).toMatchObject({ products: 3, fields });
  });

  it("is not stopped by a row of the history that nobody can read, and that row goes", async () => {
    const world = new SweepWorld();
    await world.putHistory({ product_key: "p", changed_at_field: "latest", values: { current_price: 7 } });
    await revoke(world);
    await world.sweep();
    expect((await world.revocations.get(FIRST))?.state).toBe("settling");
    expect(world.dynamo.items("product-history")).toEqual([]);
  });

  it("leaves its source to the other sweeps after a day", async () => {
    const world = new SweepWorld();
    await revoke(world);
    const raw = (name: string): string => `raw/${GONE}/2026-11-23/${name}`;
    world.objects.set(raw("1"), NOON);
    const history = { removeSource: async () => failing() };
    for (let day = 0; day < 9; day += 1) {
      const product = productOf(day, all);
      // By an instance that has not heard of it.
      await world.newStore(async () => new Set()).saveMany([{ product, raw_keys: [raw("1")], refresh_until: null }]);
      await world.sweep({ history }).catch(() => undefined);
      world.nowMs += DAY_MS;
    }
    // The table is swept once a week, some pages a pass.
    for (let day = 0; day < 14; day += 1) {
      await world.sweep({ history }).catch(() => undefined);
      world.nowMs += DAY_MS;
    }
    expect((await world.revocations.get(FIRST))?.state).toBe("removing");
    expect(
      JSON.stringify(world.dynamo.items("products").map(({ product_key }) => world.item(String(product_key)))),
    ).not.toContain(`"${GONE}"`);
  });
});

describe("a revocation that an operator ends while a piece is under way", () => {
  it("says what that piece removed", async () => {
    const world = new SweepWorld();
    await world.sweep();
    await world.save(productOf(1, all));
    await revoke(world);
    const products = {
      readKeys: world.products.readKeys.bind(world.products),
      readOrigins: world.products.readOrigins.bind(world.products),
      sweep: async (...asked: Parameters<typeof world.products.sweep>) => {
        const swept = await world.products.sweep(...asked);
        const held = await world.revocations.get(FIRST);
        const now = isoAt(world.nowMs);
        if (held) await world.revocations.advance({ ...held, state: "cancelled", ended_at: now }, now);
        return swept;
      },
    };
    await world.sweep({ products });
    expect(await world.revocations.get(FIRST)).toMatchObject({
      state: "cancelled",
      lease_owner: null,
      removed: { products: 1 },
    });
  });
});

describe("a lease", () => {
  it("of a pass that died ends with the time of its function, and keeps other revocations of its source waiting", async () => {
    const world = new SweepWorld();
    const revocation = await revoke(world);
    await revoke(world, GONE, SECOND);
    const lease_until = isoAt(NOON + 120_000);
    await world.revocations.advance({ ...revocation, lease_owner: "dead", lease_until }, isoAt(NOON));
    const states = async () => [
      (await world.revocations.get(FIRST))?.state,
      (await world.revocations.get(SECOND))?.state,
    ];
    world.nowMs = NOON + 119_999;
    await world.sweep();
    expect(await states()).toEqual(["removing", "removing"]);
    world.nowMs = NOON + 120_000;
    await world.sweep();
    expect(await states()).toEqual(["settling", "settling"]);
  });

  it("that is longer than a pass can live is of a clock that was moved, and holds nobody", async () => {
    const world = new SweepWorld();
    const revocation = await revoke(world);
    await world.revocations.advance(
      { ...revocation, lease_owner: "x", lease_until: isoAt(NOON + DAY_MS) },
      isoAt(NOON),
    );
    await world.sweep();
    expect((await world.revocations.get(FIRST))?.state).toBe("settling");
  });
});

describe("what a revocation removes", () => {
  it("is in no count of what ended: raw answers past their day, and files of exports", async () => {
    const world = new SweepWorld();
    await world.sweep();
    const key = "exports/exp_000000000000000b/export.csv";
    await world.exports.create(exportOf("exp_000000000000000b", ["creators-api"]));
    world.objects.set(key, NOON).set("raw/creators-api/2026-11-21/1", NOON - 2 * DAY_MS);
    world.nowMs += DAY_MS;
    await revoke(world, "creators-api");
    expect(await world.sweep()).toMatchObject({ raw_answers: 0 });
    expect((await world.revocations.get(FIRST))?.removed).toMatchObject({ raw_answers: 1, exports: 1 });
    await world.ends.note([{ endsAtMs: world.nowMs, content: { kind: "export", object_key: key } }]);
    world.nowMs += 120_000;
    expect(await world.sweep()).toMatchObject({ exports: 0 });
  });
});
