import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MARKETPLACES } from "../../../lambdas/common/core/products/marketplaces.ts";
import type { Product } from "../../../lambdas/common/core/products/product.ts";
import { createProductSource } from "../../../local/upstreams/shared/products/product-source.ts";
import { asinSeries, csvOf } from "../../helpers/e2e/asins.ts";
import { openWorld, type World } from "../../helpers/e2e/open-world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.deployed.close());

const shop = MARKETPLACES.find(({ code }) => code === "www.amazon.com");
const truth = createProductSource();

/** Holds what is stored against what the simulator's shop knows, read past every line of the pipeline. */
const expectTrue = (product: Product | null): void => {
  if (!product || !shop) throw new Error("an enriched product has no product");
  const real = truth.get(product.asin, shop);
  const price = real.priceMinor === null ? null : (real.priceMinor / 100).toFixed(2);
  expect(product).toMatchObject({
    product_id: `www.amazon.com#${product.asin}`,
    title: real.title,
    current_price: price,
    currency: price === null ? null : "USD",
    stale: false,
    simulated: false,
  });
  expect(product.provenance.title).toMatchObject({ source: "creators-api" });
  if (price !== null) expect(product.provenance.current_price).toMatchObject({ source: "creators-api" });
  expect(product.quality.overall).toBeGreaterThanOrEqual(0.7);
  expect(product.quality.overall).toBeLessThanOrEqual(1);
};

describe("a good catalog", () => {
  it("of one batch goes from upload to products by the express queue", async () => {
    await world.upstream.begin();
    const asins = asinSeries("GOEX", 20);
    const report = await world.demo.upload("text/csv", csvOf(asins), { name: "Express" });
    expect(report).toMatchObject({
      message: "Enrichment queued successfully",
      total_products: 20,
      total_batches: 1,
      batch_size: 20,
      duplicates: 0,
      rejected: { count: 0, rows: [] },
    });
    expect(report.tracking_id).toMatch(new RegExp(`^enrich_${report.catalog_id}_\\d+$`));
    const status = await world.demo.follow(report.catalog_id ?? "", { seconds: 60 });
    expect(status).toMatchObject({
      state: "completed",
      tracking_id: report.tracking_id,
      blocked_by: [],
      totals: { products: 20, batches: 1 },
      counts: { enriched: 20, failed: 0, pending: 0, cancelled: 0 },
      by_source: { "creators-api": 20 },
      failures: [],
    });
    // Two raw answers at list prices, besides what it takes to count.
    expect(status.cost).toMatchObject({ keepa_tokens: 0, prices_of: { region: "us-east-1" } });
    expect(Number(status.cost?.parts.objects)).toBeGreaterThanOrEqual(0.00001);
    expect(Number(status.cost?.parts.table_writes)).toBeGreaterThan(20 * 0.000000625);
    expect(Number(status.cost?.usd_per_1000_products)).toBeGreaterThan(0.001);
    expect(Date.parse(status.finished_at ?? "")).toBeGreaterThanOrEqual(Date.parse(status.started_at ?? ""));
    const { by_status, ids_per_call } = await world.upstream.calls();
    expect(by_status).toEqual({ "200": 2 });
    expect(ids_per_call.histogram).toEqual({ "10": 2 });
  });

  describe("of seven batches at one call a second", () => {
    const asins = asinSeries("GOOD", 35);
    let catalogId = "";

    it("is enriched with never two calls inside one second and never more than ten ids in one", async () => {
      await world.upstream.begin({ calls_per_second: 1 });
      // The stage goes faster so that tests are quick; here the account is one that announced one call a second.
      await world.deployed.limits.change((item) => ({ ...item, announced_rate: 1, guard_ms: 50 }));
      try {
        catalogId = await world.demo.start(csvOf(asins), { name: "Good catalog", batch_size: "5" });
        const status = await world.demo.follow(catalogId, { seconds: 90 });
        expect(status).toMatchObject({ state: "completed", counts: { enriched: 35, failed: 0 } });
      } finally {
        await world.deployed.limits.change(({ announced_rate: _rate, ...item }) => item);
      }
      const { by_status, ids_per_call, max_calls_in_any_second } = await world.upstream.calls();
      expect(Object.keys(by_status)).toEqual(["200"]);
      expect(max_calls_in_any_second).toBe(1);
      expect(Math.max(...Object.keys(ids_per_call.histogram).map(Number))).toBeLessThanOrEqual(10);
      const asked = Object.entries(ids_per_call.histogram).reduce((sum, [ids, calls]) => sum + Number(ids) * calls, 0);
      expect(asked).toBe(35);
    });

    it("gives every product with the shop's own title and price, its provenance and its quality", async () => {
      const products = await world.demo.products(catalogId, { limit: "10" });
      expect(products.map(({ asin }) => asin)).toEqual(asins);
      expect(products.map(({ sku }) => sku)).toEqual(asins.map((_, index) => `SKU-${index + 1}`));
      for (const { state, source, product } of products) {
        expect({ state, source }).toEqual({ state: "enriched", source: "creators-api" });
        expectTrue(product);
      }
    });

    it("keeps the raw answers that products were made from", async () => {
      for (const asin of [asins[0], asins[34]]) {
        const [key = "", ...others] = await world.deployed.rawKeys(`www.amazon.com#${asin}`);
        expect(others).toEqual([]);
        expect(key).toMatch(/^raw\/creators-api\//);
        expect(await world.deployed.object(key)).toContain(asin);
      }
    });

    it("is on its owner's list and does not exist for anybody else", async () => {
      const catalogs = await world.demo.catalogs();
      expect(catalogs.find(({ catalog_id }) => catalog_id === catalogId)).toMatchObject({
        name: "Good catalog",
        state: "completed",
        total_products: 35,
        counts: { enriched: 35, failed: 0, pending: 0, cancelled: 0 },
      });
      expect((await world.other.catalogs()).map(({ catalog_id }) => catalog_id)).not.toContain(catalogId);
      for (const path of ["", "/status", "/products", "/batches", "/rejected"]) {
        await world.other.refusal(404, "GET", `/catalogs/${catalogId}${path}`);
      }
      await world.other.refusal(404, "POST", `/catalogs/${catalogId}/enrich`);
    });

    it("costs no second call when it is run again while its products are fresh", async () => {
      await world.upstream.begin();
      const again = await world.demo.call("POST", `/catalogs/${catalogId}/enrich`);
      expect(again.status).toBe(202);
      expect(await world.demo.follow(catalogId, { seconds: 60 })).toMatchObject({
        state: "completed",
        counts: { enriched: 35 },
        of_which: { from_cache: 35 },
      });
      expect((await world.upstream.calls()).total).toBe(0);
    });
  });
});
