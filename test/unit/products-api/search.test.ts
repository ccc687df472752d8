import { describe, expect, it } from "vitest";
import type { SearchRequest } from "../../../lambdas/common/core/sources/source-client.ts";
import type { SourceOperation } from "../../../lambdas/common/core/sources/source-descriptor.ts";
import { FULL, fakeSource, leave, sourceError } from "../common/sources/chain/fakes.ts";
import { ProductsWorld } from "./products-world.ts";

const operation: SourceOperation = { name: "search-items", idsPerCall: 1, limitKey: null, cost: () => 1 };

/** A source that finds these products, or fails. */
const finder = (id: "creators-api" | "keepa", found: readonly string[] | Error) => {
  const searches: SearchRequest[] = [];
  const source = fakeSource({
    id,
    client: {
      search: async (request, signal) => {
        await leave(signal);
        searches.push(request);
        if (found instanceof Error) throw found;
        return { products: found.map((asin) => ({ asin, fields: FULL })), failures: [], raw: "{}", signals: {} };
      },
    },
  });
  const { descriptor } = source;
  return { ...source, searches, descriptor: { ...descriptor, operations: [...descriptor.operations, operation] } };
};

const search = (world: ProductsWorld, more: object = {}) => world.post("/sourcing/search", { query: "lamp", ...more });

describe("POST /sourcing/search", () => {
  it("finds products with source and quality, and stores none of them", async () => {
    const source = finder("creators-api", ["B000000001", "B000000002"]);
    const world = new ProductsWorld(source);
    const { status, body } = await search(world);
    expect([status, body.source]).toEqual([200, "creators-api"]);
    expect(body.products).toHaveLength(2);
    expect(body.products[0]).toMatchObject({ asin: "B000000001", title: FULL.title, status: "active" });
    expect(body.products[0].quality.overall).toBeGreaterThan(0.9);
    expect(body.products[0].provenance.title).toMatchObject({ source: "creators-api", public: true });
    expect(source.searches).toEqual([{ query: "lamp", category: "All", limit: 10, marketplace: "www.amazon.com" }]);
    expect((await world.get("/products")).body.items).toEqual([]);
    expect(world.limiter.reserved).toHaveLength(1);
  });

  it("takes prices in the minor unit of the shop's currency: yen have none", async () => {
    const source = { ...finder("creators-api", ["B000000001"]) };
    const descriptor = { ...source.descriptor, marketplaces: ["www.amazon.com", "www.amazon.co.jp"] };
    const world = new ProductsWorld({ ...source, descriptor });
    await search(world, { min_price: 5, max_price: 1_999, limit: 3 });
    await search(world, { min_price: 500, marketplace: "jp" });
    expect(source.searches).toMatchObject([
      { minPrice: "0.05", maxPrice: "19.99", limit: 3 },
      { minPrice: "500", marketplace: "www.amazon.co.jp" },
    ]);
  });

  it("asks the next source that can when the first fails or finds nothing", async () => {
    for (const first of [[], sourceError("creators-api", "retriable", "InternalError")]) {
      const world = new ProductsWorld(finder("creators-api", first), finder("keepa", ["B000000001"]));
      const { body } = await search(world);
      expect([body.source, body.products.length, body.products[0].provenance.current_price.public]).toEqual([
        ...["keepa", 1, false],
      ]);
    }
  });

  it("answers an empty list when a source searched and found nothing", async () => {
    const { status, body } = await search(new ProductsWorld(finder("creators-api", [])));
    expect([status, body]).toEqual([200, { products: [], source: "creators-api" }]);
  });

  it("says why nobody can search now, and when to ask again", async () => {
    const world = new ProductsWorld(finder("creators-api", ["B000000001"]));
    world.limiter.refuse("creators-api#me", "circuit-open", world.clock.now() + 90_000);
    const { status, body, headers } = await search(world);
    expect([status, body.code, headers.get("retry-after")]).toEqual([503, "circuit_open", "90"]);
    const { descriptor } = finder("creators-api", []);
    expect((await search(new ProductsWorld({ descriptor, unavailable: "not_configured" }))).body).toMatchObject({
      ...{ status: 409, code: "no_source_configured" },
    });
    const unable = await search(new ProductsWorld(fakeSource({ id: "creators-api" })));
    expect(unable.body).toMatchObject({ status: 409, code: "no_source_can_search" });
  });

  it.each([
    [{ query: " " }, "query"],
    [{ limit: 11 }, "limit"],
    [{ min_price: 1.5 }, "min_price"],
    [{ min_price: 20, max_price: 10 }, "max_price"],
    [{ marketplace: "mars" }, "marketplace"],
    [{ category: "a b" }, "category"],
  ])("refuses %j by name", async (more, field) => {
    const { status, body } = await search(new ProductsWorld(finder("creators-api", [])), more);
    expect([status, body.errors[0].field]).toEqual([400, field]);
  });
});
