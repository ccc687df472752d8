import { describe, expect, it } from "vitest";
import { isoTime } from "../../../lambdas/common/core/clock.ts";
import type { Product } from "../../../lambdas/common/core/products/product.ts";
import { aProduct } from "../../helpers/products.ts";
import { asins, FULL, fakeSource, sourceError, US } from "../common/sources/chain/fakes.ts";
import { ProductsWorld } from "./products-world.ts";

const ASIN = "B000000001";
const PATH = `/products/${ASIN}/enhanced`;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const OTHER = "B000000002";
const creators = (options: Partial<Parameters<typeof fakeSource>[0]> = {}) =>
  fakeSource({ id: "creators-api", ...options });

describe("GET /products/{asin}/enhanced", () => {
  it("answers from the table within the cache time of the source, and counts the hit", async () => {
    const source = creators();
    const world = new ProductsWorld(source);
    await world.put({ asin: ASIN }, HOUR - 1);
    const { status, body } = await world.get(PATH);
    expect([status, body.title, body.stale]).toEqual([200, "Desk lamp", false]);
    expect(source.asked).toEqual([]);
    expect(world.lookups).toEqual({ lookups: 1, hits: 1 });
    expect(world.viewed).toEqual([`${US}#${ASIN}`]);
  });

  it("asks the sources once the cache time is over: an hour for Amazon's API, half an hour for others", async () => {
    const source = creators();
    const world = new ProductsWorld(source);
    await world.put({ asin: ASIN }, HOUR);
    expect((await world.get(PATH)).body.title).toBe(FULL.title);
    expect(source.asked).toHaveLength(1);

    const other = new ProductsWorld(fakeSource({ id: "keepa" }));
    const fetched_at = new Date(other.clock.now() - 30 * MINUTE).toISOString();
    const from = { source: "keepa", fetched_at } as const;
    await other.put({ asin: ASIN, provenance: { title: from, image_url: from, current_price: from } });
    expect((await other.get(PATH)).body.title).toBe(FULL.title);
  });

  it("asks them at once with real_time, stores what came, and archives the raw answer", async () => {
    const source = creators();
    const world = new ProductsWorld(source);
    const { created_at } = await world.put({ asin: ASIN }, 1_000);
    const { status, body } = await world.get(`${PATH}?real_time=true`);
    expect([status, body.title, body.created_at]).toEqual([200, FULL.title, created_at]);
    expect(world.archived).toEqual(["creators-api"]);
    expect((await world.get(`/products/${ASIN}`)).body.title).toBe(FULL.title);
  });

  it("tries a passing failure again after 1, 2 and 4 s, each in a slot of its own", async () => {
    const source = creators({
      fail: (_, call) => (call <= 3 ? sourceError("creators-api", "retriable", "InternalError") : undefined),
    });
    const world = new ProductsWorld(source);
    const before = world.clock.now();
    const { status, body } = await world.get(PATH);
    expect([status, body.title]).toEqual([200, FULL.title]);
    expect(world.limiter.reserved).toHaveLength(4);
    expect(world.clock.now() - before).toBeGreaterThanOrEqual(7_000);
  });

  it("gives up after the third time, and keeps within the time of an HTTP call whatever the calls take", async () => {
    for (const callMs of [0, 3_000, 5_000, 12_000]) {
      const world: ProductsWorld = new ProductsWorld(
        creators({
          fail: () => {
            world.clock.advance(callMs);
            return sourceError("creators-api", "retriable", "Timeout", { status: null });
          },
        }),
      );
      const before = world.clock.now();
      const { status, body, headers } = await world.get(PATH);
      expect([status, body.code, headers.get("retry-after")]).toEqual([503, "upstream_failed", "30"]);
      expect(world.limiter.reserved.length).toBeLessThanOrEqual(4);
      expect(world.clock.now() - before).toBeLessThan(29_000 + callMs);
    }
  });

  it("serves the stored copy as stale when the sources fail, within its licence only", async () => {
    const world = new ProductsWorld(
      creators({ fail: () => sourceError("creators-api", "retriable", "InternalError") }),
    );
    await world.put({ asin: ASIN }, 20 * HOUR);
    expect((await world.get(PATH)).body).toMatchObject({ title: "Desk lamp", stale: true });
    await world.put({ asin: ASIN }, 24 * HOUR);
    expect((await world.get(PATH)).status).toBe(503);
  });

  it("serves no field whose licence ends while the sources are asked", async () => {
    const world = new ProductsWorld(
      creators({ fail: () => sourceError("creators-api", "retriable", "InternalError") }),
    );
    await world.put({ asin: ASIN }, 24 * HOUR - 3_000);
    const { status, body } = await world.get(PATH);
    expect([status, body.code]).toEqual([503, "upstream_failed"]);
  });

  it("serves no reused field whose licence ends while others are fetched, nor a product that another one waited for", async () => {
    const source = fakeSource({
      id: "keepa",
      reply: () => {
        world.clock.advance(5_000);
        return FULL;
      },
    });
    const world: ProductsWorld = new ProductsWorld(creators(), source);
    // A stage may take what is up to a day old from the table.
    world.cacheSeconds = () => 86_400;
    const endsSoon = { source: "creators-api", fetched_at: isoTime(world.clock.now() - 24 * HOUR + 3_000) } as const;
    const put = async (asin: string, fields: Partial<Product>) => {
      const { provenance } = aProduct({ ...fields, last_refresh_at: isoTime(world.clock.now() - HOUR) });
      await world.put({ asin, ...fields, provenance: { ...provenance, title: endsSoon } }, HOUR);
    };
    // Without a price: the next source is asked for it, and nobody for the title that is stored.
    await put(ASIN, { title: "Reused", current_price: null, availability_type: null, image_url: null });
    await put(OTHER, { title: "Waited" });
    const { body } = await world.post("/products/bulk-enhanced", { asins: [ASIN, OTHER] });
    expect(body.products).toHaveLength(2);
    for (const product of body.products) {
      for (const { store_until } of Object.values<{ store_until: string | null }>(product.provenance)) {
        expect(store_until === null || Date.parse(store_until) > world.clock.now()).toBe(true);
      }
    }
    expect(source.asked.map(({ asins }) => asins)).toEqual([[ASIN]]);
    expect(body.products[1]).toMatchObject({ asin: OTHER, title: null, stale: true });
  });

  it("serves the stored copy while the breaker is open, and else says when it may close", async () => {
    const source = creators();
    const world = new ProductsWorld(source);
    world.limiter.refuse("creators-api#me", "circuit-open", world.clock.now() + 120_000);
    const { status, body, headers } = await world.get(PATH);
    expect([status, body.code, headers.get("retry-after")]).toEqual([503, "circuit_open", "120"]);
    await world.put({ asin: ASIN }, 2 * HOUR);
    expect((await world.get(PATH)).body).toMatchObject({ title: "Desk lamp", stale: true });
    expect(source.asked).toEqual([]);
  });

  it("continues with the next source while the breaker of the first is open", async () => {
    const world = new ProductsWorld(creators(), fakeSource({ id: "keepa" }));
    world.limiter.refuse("creators-api#me", "circuit-open", world.clock.now() + 120_000);
    const { status, body } = await world.get(PATH);
    expect([status, body.provenance.title.source, body.provenance.current_price.public]).toEqual([200, "keepa", false]);
  });

  it("answers 404 when no source has it, remembers that, and asks again with real_time", async () => {
    const source = creators({ reply: () => "NotFound" });
    const world = new ProductsWorld(source);
    expect((await world.get(PATH)).status).toBe(404);
    expect((await world.get(PATH)).status).toBe(404);
    expect(source.asked).toHaveLength(1);
    expect((await world.get(`${PATH}?real_time=true`)).status).toBe(404);
    expect(source.asked).toHaveLength(2);
  });

  it("marks a stored product unavailable when it is gone, and shows what it was", async () => {
    const world = new ProductsWorld(creators({ reply: () => "NotFound" }));
    await world.put({ asin: ASIN }, 2 * HOUR);
    for (let times = 0; times < 2; times += 1) {
      const { status, body } = await world.get(PATH);
      expect([status, body.status, body.stale, body.title]).toEqual([200, "unavailable", true, "Desk lamp"]);
    }
  });

  it("refuses with 409 while no source has credentials, unless a copy is stored", async () => {
    const { descriptor } = creators();
    const world = new ProductsWorld({ descriptor, unavailable: "not_configured" });
    expect((await world.get(PATH)).body).toMatchObject({ status: 409, code: "no_source_configured" });
    await world.put({ asin: ASIN }, 2 * HOUR);
    expect((await world.get(PATH)).body).toMatchObject({ title: "Desk lamp", stale: true });
  });

  it("names a shop that no source serves", async () => {
    const world = new ProductsWorld(creators({ marketplaces: [US] }));
    const { body } = await world.get(`${PATH}?marketplace=jp`);
    expect(body).toMatchObject({ status: 409, code: "no_source_for_marketplace" });
  });
});

describe("POST /products/bulk-enhanced", () => {
  it("leaves out what may not stand on a site when asked to, in the query or in the body", async () => {
    const world = new ProductsWorld(creators());
    const from = { source: "keepa", fetched_at: new Date(world.clock.now()).toISOString() } as const;
    await world.put({ asin: ASIN, provenance: { title: from, current_price: from } });
    const prices = async (query: string, body: object) => {
      const answer = await world.post(`/products/bulk-enhanced${query}`, { asins: [ASIN], ...body });
      return [answer.status, answer.body.products[0]?.current_price];
    };
    expect(await prices("", {})).toEqual([200, "19.90"]);
    expect(await prices("?public=true", {})).toEqual([200, null]);
    expect(await prices("", { public: true })).toEqual([200, null]);
  });

  const asins = Array.from({ length: 50 }, (_, n) => `B0000001${String(n).padStart(2, "0")}`);

  it("takes from the table what is fresh and asks for the rest in full calls", async () => {
    const source = creators();
    const world = new ProductsWorld(source);
    for (const asin of asins.slice(0, 20)) await world.put({ asin });
    const { status, body } = await world.post("/products/bulk-enhanced", { asins: [...asins.slice(0, 49), asins[0]] });
    expect(status).toBe(200);
    expect(body.products.map(({ asin }: { asin: string }) => asin)).toEqual(asins.slice(0, 49));
    expect(body.missing).toEqual([]);
    expect(source.asked.map((call) => call.asins.length)).toEqual([10, 10, 9]);
  });

  it("says of each product that it cannot give why, and when to ask again", async () => {
    const [gone = "", ...others] = asins.slice(0, 3);
    const world = new ProductsWorld(creators({ reply: (asin) => (asin === gone ? "NotFound" : FULL) }));
    const { body } = await world.post("/products/bulk-enhanced", { asins: [gone, ...others] });
    expect(body.missing).toMatchObject([{ asin: gone, code: "not_found", retry_at: null }]);

    const closed = new ProductsWorld(creators());
    closed.limiter.refuse("creators-api#me", "circuit-open", closed.clock.now() + 60_000);
    await closed.put({ asin: gone }, 2 * HOUR);
    const answer = (await closed.post("/products/bulk-enhanced", { asins: [gone, ...others] })).body;
    expect(answer.products).toMatchObject([{ asin: gone, stale: true }]);
    const retry_at = new Date(closed.clock.now() + 60_000).toISOString();
    expect(answer.missing).toMatchObject(others.map((asin) => ({ asin, code: "circuit_open", retry_at })));
  });

  it.each([
    [[], "asins"],
    [[...asins, "B000000200"], "asins"],
    [["B000000001", "x"], "asins.1"],
  ])("refuses a wrong list by name", async (list, field) => {
    const { status, body } = await new ProductsWorld(creators()).post("/products/bulk-enhanced", { asins: list });
    expect([status, body.errors[0].field]).toEqual([400, field]);
  });
});

describe("a shop that is switched off", () => {
  it("is refused wherever a source would be asked, and what is stored of it can be read", async () => {
    const source = creators();
    const world = new ProductsWorld(source);
    await world.put({ asin: ASIN });
    world.shops = { disabled: new Set([US]), partnerTags: {} };
    const refused = { status: 409, body: { code: "marketplace_disabled" } };
    expect(await world.get(PATH)).toMatchObject(refused);
    expect(await world.post("/products/bulk-enhanced", { asins: [ASIN] })).toMatchObject(refused);
    expect(await world.post("/products/import", { asin: ASIN })).toMatchObject(refused);
    expect(await world.post("/sourcing/search", { query: "lamp" })).toMatchObject(refused);
    expect(source.asked).toEqual([]);
    expect((await world.get(`/products/${ASIN}`)).status).toBe(200);
    expect((await world.get(`${PATH}?marketplace=DE`)).status).toBe(200);
  });
});

it("the fields that may still be given out stand in for a product whose title has ended, while no source answers", async () => {
  const world = new ProductsWorld(fakeSource({ id: "creators-api" }));
  const [asin = "", bare = ""] = asins(2);
  const old = new Date(world.clock.now() - 48 * 3_600_000).toISOString();
  const origin = (source: "creators-api" | "keepa") => ({ source, fetched_at: old });
  const fromKeepa = { current_price: origin("keepa"), currency: origin("keepa") };
  await world.put({ asin, provenance: { title: origin("creators-api"), ...fromKeepa } });
  await world.put({ asin: bare, provenance: { title: origin("creators-api") } });
  world.limiter.refuse("creators-api#me", "circuit-open", world.clock.now() + 300_000);
  const { status, body } = await world.get(`/products/${asin}/enhanced`);
  expect([status, body.title, body.current_price, body.stale]).toEqual([200, null, "19.90", true]);
  expect(body.missing).toContainEqual({ field: "title", reason: "expired" });
  expect(await world.get(`/products/${bare}/enhanced`)).toMatchObject({ status: 503, body: { code: "circuit_open" } });
});
