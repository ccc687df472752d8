import { describe, expect, it } from "vitest";
import { TransientError } from "../../../lambdas/common/core/errors.ts";
import { aProduct } from "../../helpers/products.ts";
import { NOON } from "../../helpers/rows.ts";
import { SweepWorld } from "./sweep-world.ts";

const DAY_MS = 24 * 3_600_000;
const KEY = "www.amazon.com#B000000001";
const iso = (ms: number): string => new Date(NOON + ms).toISOString();
const from = (source: "creators-api" | "keepa", ms = 0) => ({ source, fetched_at: iso(ms) });

describe("the sweep", () => {
  it("removes what ended in the minute after its end, and keeps what another source gave and what is ours", async () => {
    const world = new SweepWorld();
    await world.sweep();
    const provenance = { title: from("keepa"), current_price: from("creators-api"), currency: from("creators-api") };
    await world.save(aProduct({ provenance }));
    world.nowMs = NOON + DAY_MS - 1;
    expect(await world.sweep()).toMatchObject({ products: 0 });
    expect(world.item(KEY)?.current_price).toBe("19.90");
    world.nowMs = NOON + DAY_MS;
    expect(await world.sweep()).toMatchObject({ products: 1, fields: { "creators-api": 2 } });
    expect(world.item(KEY)).toMatchObject({
      title: "Desk lamp",
      current_price: null,
      currency: null,
      expired_at: iso(DAY_MS),
      status: "active",
      created_at: iso(0),
      updated_at: iso(0),
      // Nothing in the table leads to the raw answer any more.
      raw_keys: ["raw/keepa/d/2"],
    });
    expect(JSON.stringify(world.item(KEY))).not.toContain("19.90");
    world.nowMs += 60_000;
    expect(await world.sweep()).toMatchObject({ products: 0 });
    expect(world.item(KEY)).toHaveProperty("sweep_call");
    await world.save(aProduct());
    expect(world.item(KEY)).not.toHaveProperty("sweep_call");
  });

  it("leaves a product alone that was fetched again in time", async () => {
    const world = new SweepWorld();
    await world.sweep();
    await world.save(aProduct());
    world.nowMs = NOON + DAY_MS - 3_600_000;
    await world.save(aProduct({ current_price: "18.00", last_refresh_at: iso(DAY_MS - 3_600_000) }));
    world.nowMs = NOON + DAY_MS;
    expect(await world.sweep()).toMatchObject({ products: 0 });
    expect(world.item(KEY)?.current_price).toBe("18.00");
    world.nowMs = NOON + 2 * DAY_MS - 3_600_000;
    expect(await world.sweep()).toMatchObject({ products: 1 });
  });

  it("passes over a row that nobody can read, and removes what ended behind it", async () => {
    const world = new SweepWorld();
    await world.sweep();
    await world.save(aProduct());
    await world.putEnd({
      ends_hour: iso(DAY_MS - 1).slice(0, 13),
      ends_at_id: `${iso(DAY_MS - 1)}#0`,
      kind: "a later version's",
    });
    world.nowMs = NOON + DAY_MS;
    await expect(world.sweep()).rejects.toThrow("1 rows were passed over");
    expect(world.item(KEY)?.current_price).toBeNull();
    world.nowMs += 60_000;
    expect(await world.sweep()).toMatchObject({ passed_over: 0 });
  });

  it("goes through days on which it did not run, page by page, and names what it took by source", async () => {
    const world = new SweepWorld();
    await world.sweep();
    for (let hour = 0; hour < 30; hour += 1) {
      world.nowMs = NOON + hour * 3_600_000;
      const asin = `B0000001${String(hour).padStart(2, "0")}`;
      await world.save(
        aProduct({ asin, product_id: `www.amazon.com#${asin}`, last_refresh_at: iso(hour * 3_600_000) }),
      );
    }
    world.nowMs = NOON + 5 * DAY_MS;
    expect(await world.sweep()).toMatchObject({ products: 30 });
    for (const item of world.dynamo.items("products")) expect(item).toMatchObject({ title: null, current_price: null });
  });

  it("removes what was written with an end that was over already, as after a long wait for the table", async () => {
    const world = new SweepWorld();
    world.nowMs = NOON + DAY_MS + 5_000;
    await world.sweep();
    await world.save(aProduct());
    world.nowMs += 61_000;
    expect(await world.sweep()).toMatchObject({ products: 1 });
  });

  it("finds what no row was noted for, and what cannot be read", async () => {
    const world = new SweepWorld();
    const product = aProduct();
    await world.put({ ...product, product_key: KEY });
    await world.put({ product_key: "www.amazon.com#B000000002", status: "active", title: 7, updated_at: iso(0) });
    await world.put({ product_key: "www.amazon.com#B000000003", not_found_until_keepa: iso(DAY_MS) });
    world.nowMs = NOON + DAY_MS;
    for (let passes = 0; passes < 4; passes += 1) await world.sweep();
    expect(world.item(KEY)?.title).toBeNull();
    expect(world.item("www.amazon.com#B000000002")).toBeUndefined();
    expect(world.item("www.amazon.com#B000000003")).toBeDefined();
  });

  it("does not touch a product that was written between its read and its write", async () => {
    const world = new SweepWorld();
    await world.sweep();
    await world.save(aProduct());
    world.nowMs = NOON + DAY_MS;
    const products = {
      readKeys: world.products.readKeys.bind(world.products),
      readOrigins: world.products.readOrigins.bind(world.products),
      sweep: async (...asked: Parameters<typeof world.products.sweep>) => {
        const swept = world.products.sweep(...asked);
        await world.save(aProduct({ current_price: "17.00", last_refresh_at: iso(DAY_MS), updated_at: iso(DAY_MS) }));
        return swept;
      },
    };
    await world.sweep({ products });
    expect(world.item(KEY)?.current_price).toBe("17.00");
  });

  it("removes exports at their end, and their pieces, but never a file that ends never", async () => {
    const world = new SweepWorld();
    await world.sweep();
    world.objects.set("exports/exp_1/export.csv", NOON).set("exports/exp_1/export.csv.w-1", NOON);
    world.objects.set("exports/exp_2/export.csv", NOON).set("exports/exp_2/export.csv.w-1", NOON);
    await world.ends.note([
      { endsAtMs: NOON + 3_600_000, content: { kind: "export", object_key: "exports/exp_1/export.csv" } },
      { endsAtMs: NOON + DAY_MS, content: { kind: "export-pieces", object_key: "exports/exp_1/export.csv" } },
      { endsAtMs: NOON + DAY_MS, content: { kind: "export-pieces", object_key: "exports/exp_2/export.csv" } },
    ]);
    world.nowMs = NOON + 3_600_000;
    expect(await world.sweep()).toMatchObject({ exports: 1 });
    world.nowMs = NOON + DAY_MS;
    await world.sweep();
    expect([...world.objects.keys()]).toEqual(["exports/exp_2/export.csv"]);
  });

  it("removes raw answers by the hour, of the sources whose licence ends them", async () => {
    const world = new SweepWorld();
    for (const source of ["creators-api", "paapi", "product-page", "keepa", "sp-api"]) {
      world.objects.set(`raw/${source}/2026-11-23/a`, NOON).set(`raw/${source}/2026-11-23/b`, NOON + 3_600_000);
    }
    world.nowMs = NOON + DAY_MS;
    expect(await world.sweep()).toMatchObject({ raw_answers: 3 });
    expect(world.objects.size).toBe(7);
    world.nowMs += 30 * 60_000;
    expect(await world.sweep()).toMatchObject({ raw_answers: 0 });
    world.nowMs += 30 * 60_000;
    expect(await world.sweep()).toMatchObject({ raw_answers: 3 });
  });

  it("continues where a fault of a store ended it, and passes over what can never be removed", async () => {
    const world = new SweepWorld();
    await world.sweep();
    await world.save(aProduct());
    world.nowMs = NOON + DAY_MS;
    let fault: Error = new TransientError("the table is away");
    const products = {
      readKeys: world.products.readKeys.bind(world.products),
      readOrigins: world.products.readOrigins.bind(world.products),
      sweep: () => Promise.reject(fault),
    };
    await expect(world.sweep({ products })).rejects.toThrow("a step of the sweep failed");
    expect(await world.sweep()).toMatchObject({ products: 1 });
    await world.save(aProduct());
    world.nowMs += DAY_MS;
    fault = new Error("a bug");
    await expect(world.sweep({ products })).rejects.toThrow("rows were passed over");
    // It keeps nothing else from being removed.
    expect(await world.sweep()).toMatchObject({ passed_over: 0 });
  });
});
