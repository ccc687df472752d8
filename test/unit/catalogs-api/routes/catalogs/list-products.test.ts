import { describe, expect, it } from "vitest";
import type { Product } from "../../../../../lambdas/common/core/products/product.ts";
import { storedProduct, uploadedCatalog } from "../../uploaded-catalog.ts";

const NOW = "2026-08-01T12:00:00.000Z";

describe("GET /catalogs/{id}/products", () => {
  const readAll = async (get: Awaited<ReturnType<typeof uploadedCatalog>>["get"], path: string) => {
    const asins: string[] = [];
    let cursor: string | null = null;
    let pages = 0;
    do {
      const more: string = cursor === null ? "" : `${path.includes("?") ? "&" : "?"}cursor=${cursor}`;
      const { status, body } = await get(`${path}${more}`);
      expect(status).toBe(200);
      asins.push(...body.items.map((item: { asin: string }) => item.asin));
      cursor = body.next_cursor;
      pages += 1;
    } while (cursor !== null && pages < 100);
    return { asins, pages };
  };
  const all = Array.from({ length: 45 }, (_, index) => `B0${String(index).padStart(8, "0")}`);

  it.each([1, 7, 20, 45, 100])("gives every product exactly once in order, sent or not, %i a page", async (limit) => {
    const { get, id, addBatch } = await uploadedCatalog();
    addBatch(1, 0, 20, "enriched");
    addBatch(2, 20, 20, "failed");
    expect((await readAll(get, `/${id}/products?limit=${limit}`)).asins).toEqual(all);
  });

  it.each([1, 7, 20, 45, 100])("counts in a batch that is written after later ones, %i a page", async (limit) => {
    const { get, id, addBatch } = await uploadedCatalog();
    addBatch(1, 0, 20, "enriched");
    addBatch(3, 40, 5, "failed");
    expect((await readAll(get, `/${id}/products?limit=${limit}`)).asins).toEqual(all);
    expect((await readAll(get, `/${id}/products?state=pending&limit=${limit}`)).asins).toEqual(all.slice(20, 40));
  });

  it("shows the products of a batch that is missing between others as cancelled when the run is", async () => {
    const { get, id, addBatch, world } = await uploadedCatalog();
    addBatch(2, 20, 20, "enriched");
    world.runs = world.runs.map((run) => ({ ...run, state: "cancelled" as const }));
    const { body } = await get(`/${id}/products?limit=100`);
    const states = body.items.map(({ state }: { state: string }) => state);
    expect(states).toEqual([
      ...Array(20).fill("cancelled"),
      ...Array(20).fill("enriched"),
      ...Array(5).fill("cancelled"),
    ]);
  });

  it.each([3, 17, 90])(
    "gives every product once although a missing batch is written meanwhile, %i a page",
    async (limit) => {
      const products = Array.from({ length: 190 }, (_, index) => `B0${String(index).padStart(8, "0")}`);
      const { get, id, addBatch, world } = await uploadedCatalog("", 190);
      for (const number of [1, 3, 4, 5, 6, 8, 9]) addBatch(number, (number - 1) * 20, 20, "enriched");
      const asins: string[] = [];
      for (let cursor: string | null = ""; cursor !== null; ) {
        const { body } = await get(`/${id}/products?limit=${limit}${cursor && `&cursor=${cursor}`}`);
        asins.push(...body.items.map(({ asin }: { asin: string }) => asin));
        cursor = body.next_cursor;
        // The first four that were there are 1, 3, 4 and 5; now they are 1 to 4.
        if (asins.length > 80 && world.batches.length === 7) {
          addBatch(2, 20, 20, "pending");
          world.batches.sort((a, b) => a.number - b.number);
        }
      }
      expect(asins).toEqual(products);
    },
  );

  it("lists a catalog that was never enriched", async () => {
    const { get, id } = await uploadedCatalog("?enrich=false");
    expect((await readAll(get, `/${id}/products?limit=10`)).asins).toEqual(all);
  });

  it("filters by state and shows why a product failed", async () => {
    const { get, id, addBatch } = await uploadedCatalog();
    addBatch(1, 0, 20, "enriched");
    addBatch(2, 20, 20, "failed");
    const { body } = await get(`/${id}/products?state=failed&limit=100`);
    expect(body.items).toHaveLength(20);
    expect(body.items[0]).toEqual({
      asin: "B000000020",
      sku: "S20",
      marketplace: "www.amazon.com",
      state: "failed",
      error_code: "NotFound",
      source: null,
      product: null,
    });
    expect((await readAll(get, `/${id}/products?state=pending&limit=3`)).asins).toEqual(all.slice(40));
  });

  it("filters by missing field and by quality, over what is stored", async () => {
    const { get, id, addBatch, world } = await uploadedCatalog();
    addBatch(1, 0, 20, "enriched");
    const product = (index: number, current_price: string | null, overall: number) => {
      const asin = `B0${String(index).padStart(8, "0")}`;
      world.products.set(`www.amazon.com#${asin}`, storedProduct(asin, current_price, overall));
    };
    product(0, "9.99", 0.9);
    product(1, null, 0.6);
    const asins = async (query: string) =>
      (await readAll(get, `/${id}/products?limit=2&state=enriched&${query}`)).asins;
    expect(await asins("min_quality=0.7")).toEqual(["B000000000"]);
    expect(await asins("min_quality=0.5")).toEqual(["B000000000", "B000000001"]);
    expect(await asins("missing=current_price")).toEqual(all.slice(1, 20));
  });

  it("refuses a cursor with other filters", async () => {
    const { get, id } = await uploadedCatalog();
    const { body } = await get(`/${id}/products?limit=1`);
    expect((await get(`/${id}/products?limit=1&state=failed&cursor=${body.next_cursor}`)).status).toBe(400);
  });

  it("refuses fields and qualities that do not exist", async () => {
    const { get, id } = await uploadedCatalog();
    expect((await get(`/${id}/products?missing=colour`)).status).toBe(400);
    expect((await get(`/${id}/products?min_quality=2`)).status).toBe(400);
  });

  it("marks an older copy of what the run did not get as stale, and nothing else", async () => {
    const { get, id, world, addBatch } = await uploadedCatalog();
    addBatch(1, 0, 2, "enriched");
    addBatch(2, 2, 2, "failed");
    addBatch(3, 4, 2, "pending");
    const day = 24 * 3_600_000;
    for (const index of [0, 1, 2, 3, 4, 5]) {
      const asin = `B0${String(index).padStart(8, "0")}`;
      const at = new Date(Date.parse(NOW) - (index % 2 === 0 ? day : day - 1)).toISOString();
      world.products.set(`www.amazon.com#${asin}`, { ...storedProduct(asin, "1.00", 1), last_refresh_at: at });
    }
    const { body } = await get(`/${id}/products?limit=6`);
    const seen = body.items.map((item: { state: string; product: Product }) => [item.state, item.product.stale]);
    expect(seen).toEqual([
      ["enriched", false],
      ["enriched", false],
      ["failed", true],
      ["failed", false],
      ["pending", true],
      ["pending", false],
    ]);
  });
});
