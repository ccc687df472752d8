import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Product } from "../../../lambdas/common/core/products/product.ts";
import type { SourceId } from "../../../lambdas/common/core/source-ids.ts";
import { asinNumber } from "../../helpers/rows.ts";
import { testRuns } from "../../helpers/test-runs.ts";
import { testSeed } from "../../helpers/test-seed.ts";
import { DE } from "../common/sources/chain/fakes.ts";
import { ProductsWorld } from "./products-world.ts";

const HOUR = 3_600_000;
const SEED = testSeed("pages of stored products");

describe("GET /products/{asin}", () => {
  it("gives a stored product of the default shop, each field with its source, age and end", async () => {
    const world = new ProductsWorld();
    const { last_refresh_at } = await world.put({ asin: "B000000001" }, HOUR);
    const { status, body } = await world.get("/products/B000000001");
    expect(status).toBe(200);
    expect(body).toMatchObject({ asin: "B000000001", marketplace: "www.amazon.com", stale: false });
    expect(body.provenance.title).toEqual({
      ...{ source: "creators-api", fetched_at: last_refresh_at, public: true },
      store_until: new Date(Date.parse(last_refresh_at) + 24 * HOUR).toISOString(),
    });
  });

  it("takes a shop in any form, and keeps shops apart", async () => {
    const world = new ProductsWorld();
    await world.put({ asin: "B000000001", marketplace: DE });
    expect((await world.get("/products/B000000001?marketplace=de")).status).toBe(200);
    expect((await world.get("/products/B000000001")).status).toBe(404);
    const { status, body } = await world.get("/products/B000000001?marketplace=mars");
    expect([status, body.errors[0].field]).toEqual([400, "marketplace"]);
  });

  it("says what to do about a product that is not stored, and that other text is no product", async () => {
    const world = new ProductsWorld();
    const { status, body } = await world.get("/products/B000000009");
    expect([status, body.code]).toEqual([404, "not_found"]);
    expect(body.detail).toContain("POST /products/import");
    expect((await world.get("/products/nonsense")).status).toBe(404);
  });

  it("gives no field after its licence's end, but says that it was there", async () => {
    const world = new ProductsWorld();
    await world.put({ asin: "B000000001" }, 24 * HOUR);
    const { body } = await world.get("/products/B000000001");
    expect(body).toMatchObject({ asin: "B000000001", title: null, current_price: null, provenance: {}, stale: true });
    expect(body.expired_at).not.toBeNull();
    expect(body.missing).toContainEqual({ field: "title", reason: "expired" });
  });

  it("leaves out what may not stand on a site when asked to", async () => {
    const world = new ProductsWorld();
    const fetched_at = new Date(world.clock.now()).toISOString();
    const provenance: Product["provenance"] = {
      title: { source: "keepa", fetched_at },
      current_price: { source: "keepa", fetched_at },
    };
    await world.put({ asin: "B000000001", provenance });
    expect((await world.get("/products/B000000001")).body.current_price).toBe("19.90");
    const { body } = await world.get("/products/B000000001?public=true");
    expect([body.title, body.current_price]).toEqual(["Desk lamp", null]);
  });
});

describe("GET /products", () => {
  it("finds no product for a site by what may not stand on it", async () => {
    const world = new ProductsWorld();
    const origins = (source: SourceId) => {
      const from = { source, fetched_at: new Date(world.clock.now()).toISOString() };
      return { title: from, availability_type: from };
    };
    const gone = { status: "unavailable", availability_type: "unavailable", current_price: null } as const;
    await world.put({ asin: "B000000001", ...gone, provenance: origins("keepa") });
    await world.put({ asin: "B000000002", ...gone, provenance: origins("creators-api") });
    const asins = async (query: string) => {
      const { body } = await world.get(`/products?${query}`);
      return body.items.map(({ asin }: { asin: string }) => asin).sort();
    };
    expect(await asins("status=unavailable")).toEqual(["B000000001", "B000000002"]);
    expect(await asins("status=unavailable&public=true")).toEqual(["B000000002"]);
    expect(await asins("status=draft&public=true")).toEqual(["B000000001"]);
  });

  const all = async (world: ProductsWorld, query: string, limit = 100) => {
    const asins: string[] = [];
    let cursor: string | null = "";
    let requests = 0;
    while (cursor !== null) {
      const next = cursor === "" ? "" : `&cursor=${cursor}`;
      const { status, body } = await world.get(`/products?limit=${limit}${query}${next}`);
      expect(status).toBe(200);
      expect(body.items.length).toBeLessThanOrEqual(limit);
      asins.push(...body.items.map(({ asin }: Product) => asin));
      cursor = body.next_cursor;
      requests += 1;
      expect(requests).toBeLessThan(200);
    }
    return asins;
  };

  it("lists every stored product once, whatever the pages, and nothing that is only remembered as not found", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 9 }), async (count, limit) => {
        const world = new ProductsWorld();
        const asins = Array.from({ length: count }, (_, n) => asinNumber(n));
        for (const asin of asins) await world.put({ asin });
        await world.store.rememberNotFound("www.amazon.com#B000000999", ["keepa"], "2027-01-01T00:00:00.000Z");
        expect((await all(world, "", limit)).sort()).toEqual(asins.sort());
      }),
      { seed: SEED, numRuns: testRuns(10) },
    );
  });

  it("narrows by state, shop, missing field, quality, words and source", async () => {
    const world = new ProductsWorld();
    const fetched_at = new Date(world.clock.now()).toISOString();
    await world.put({ asin: "B000000001", title: "Café crème maker" });
    await world.put({ asin: "B000000002", status: "unavailable" });
    await world.put({ asin: "B000000003", marketplace: DE });
    await world.put({ asin: "B000000004", current_price: null, currency: null });
    const quality = { overall: 0.3, completeness: 0, accuracy: 0, freshness: 1, reasons: [] };
    await world.put({ asin: "B000000005", quality });
    await world.put({ asin: "B000000006", provenance: { title: { source: "keepa", fetched_at } } });
    expect(await all(world, "&status=unavailable")).toEqual(["B000000002"]);
    expect(await all(world, "&marketplace=DE")).toEqual(["B000000003"]);
    expect((await all(world, "&missing=current_price")).sort()).toEqual(["B000000004", "B000000006"]);
    expect(await all(world, "&min_quality=0.5")).toHaveLength(5);
    expect(await all(world, "&q=CREME%20cafe")).toEqual(["B000000001"]);
    expect(await all(world, "&q=b000000003")).toEqual(["B000000003"]);
    expect(await all(world, "&source=keepa")).toEqual(["B000000006"]);
    expect(await all(world, "&q=lamp&status=active&marketplace=de")).toEqual(["B000000003"]);
  });

  it("binds a cursor to the user and to the filters", async () => {
    const world = new ProductsWorld();
    for (let n = 0; n < 9; n += 1) await world.put({ asin: asinNumber(n) });
    const { next_cursor } = (await world.get("/products?limit=2")).body;
    expect((await world.get(`/products?limit=2&cursor=${next_cursor}`)).status).toBe(200);
    for (const [query, user] of [
      ["limit=2&status=active", "u1"],
      ["limit=2&public=true", "u1"],
      ["limit=2", "u2"],
    ] as const) {
      const { status, body } = await world.get(`/products?${query}&cursor=${next_cursor}`, user);
      expect([status, body.code]).toEqual([400, "invalid_cursor"]);
    }
  });

  it("refuses what it does not know", async () => {
    const world = new ProductsWorld();
    for (const query of ["state=active", "status=gone", "missing=colour", "min_quality=2", "q=%20", "source=ebay"]) {
      expect((await world.get(`/products?${query}`)).status, query).toBe(400);
    }
  });
});
