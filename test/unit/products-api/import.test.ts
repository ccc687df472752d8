import { describe, expect, it } from "vitest";
import { parseStoredRow } from "../../../lambdas/common/adapters/dynamodb/products/stored-row.ts";
import type { SourceOperation } from "../../../lambdas/common/core/sources/source-descriptor.ts";
import { FULL, fakeSource, sourceError } from "../common/sources/chain/fakes.ts";
import { ProductsWorld } from "./products-world.ts";

const ASIN = "B08DQQ8CBP";
const HOUR = 3_600_000;
const creators = (options: Partial<Parameters<typeof fakeSource>[0]> = {}) =>
  fakeSource({ id: "creators-api", ...options });
const bring = (world: ProductsWorld, more: object = {}, headers: Record<string, string> = {}) =>
  world.post("/products/import", { asin: ASIN, ...more }, headers);

describe("POST /products/import", () => {
  it("creates, then updates, and names what it imported", async () => {
    const world = new ProductsWorld(creators());
    const first = await bring(world);
    expect(first.status).toBe(201);
    expect(first.body).toMatchObject({
      product_id: `www.amazon.com#${ASIN}`,
      imported_fields: ["title", "image_url", "current_price", "currency", "availability_type", "star_rating"],
      product: { ...FULL, status: "active", brand: null },
    });
    expect((await bring(world)).status).toBe(200);
    expect(world.archived).toEqual(["creators-api", "creators-api"]);
    expect((await world.get(`/products/${ASIN}`)).body.title).toBe(FULL.title);
  });

  it("asks although the stored copy is fresh, and has the daily refresh keep it", async () => {
    const source = creators();
    const world = new ProductsWorld(source);
    await world.put({ asin: ASIN });
    expect((await bring(world)).status).toBe(200);
    expect(source.asked).toHaveLength(1);
    const [row] = world.dynamo.items("products");
    expect(row?.refresh_until).toBe(new Date(world.clock.now() + 30 * 24 * HOUR).toISOString());
    expect(row && parseStoredRow(row)).toMatchObject({ rawKeys: ["raw/creators-api/1"] });
  });

  it("leaves a field null that no source has, and says why", async () => {
    const world = new ProductsWorld(creators({ reply: () => ({ ...FULL, current_price: null, currency: null }) }));
    const { status, body } = await bring(world);
    expect(status).toBe(201);
    expect(body.imported_fields).not.toContain("current_price");
    expect(body.product.current_price).toBeNull();
    expect(body.product.missing).toContainEqual({ field: "current_price", reason: "creators-api has none" });
  });

  it("says of a product that the table does not take that it was found, and so does a look-up", async () => {
    const world = new ProductsWorld(creators());
    world.store.saveMany = async (stored) =>
      new Map(stored.map(({ product }) => [product.product_id, "an item is too large"]));
    for (const answer of [await bring(world), await world.get(`/products/${ASIN}/enhanced`)]) {
      expect(answer.status).toBe(409);
      expect(answer.body).toMatchObject({
        code: "unstorable",
        detail: "The product was found, but the table does not take it.",
      });
    }
  });

  it.each([
    [{ asin: "nonsense" }, "asin"],
    [{ asin: "b08dqq8cbp" }, "asin"],
    [{ marketplace: "www.amazon.mars" }, "marketplace"],
    [{ include: ["reviews"] }, "include"],
    [{ colour: "red" }, "colour"],
  ])("refuses %j by name", async (body, field) => {
    const answer = await bring(new ProductsWorld(creators()), body);
    expect(answer.status).toBe(400);
    expect(answer.body.errors[0].field).toBe(field);
  });

  it("does not serve a stored copy while the breaker is open: 503 says when to come back", async () => {
    const world = new ProductsWorld(creators());
    await world.put({ asin: ASIN });
    world.limiter.refuse("creators-api#me", "circuit-open", world.clock.now() + 45_000);
    const { status, body, headers } = await bring(world);
    expect([status, body.code, headers.get("retry-after")]).toEqual([503, "circuit_open", "45"]);
  });

  it("refuses with 409 while no source has credentials, and with 404 what no source has", async () => {
    const { descriptor } = creators();
    const none = await bring(new ProductsWorld({ descriptor, unavailable: "not_configured" }));
    expect([none.status, none.body.code]).toEqual([409, "no_source_configured"]);
    expect((await bring(new ProductsWorld(creators({ reply: () => "NotFound" })))).status).toBe(404);
  });

  it("tries again after a time-out", async () => {
    const world = new ProductsWorld(
      creators({
        fail: (_, call) =>
          call === 1 ? sourceError("creators-api", "retriable", "Timeout", { status: null }) : undefined,
      }),
    );
    expect((await bring(world)).status).toBe(201);
  });

  describe("with an Idempotency-Key", () => {
    const headers = { "idempotency-key": "k1" };

    it("imports once and gives the same answer again", async () => {
      const source = creators();
      const world = new ProductsWorld(source);
      const first = await bring(world, {}, headers);
      const again = await bring(world, {}, headers);
      expect([again.status, again.body]).toEqual([201, first.body]);
      expect(source.asked).toHaveLength(1);
    });

    it("remembers no field of the product, so that a repeat gives none after its end", async () => {
      const world = new ProductsWorld(creators());
      await bring(world, {}, headers);
      const text = JSON.stringify([...world.remembered.values()]);
      for (const value of [FULL.title, FULL.current_price, FULL.image_url]) expect(text).not.toContain(value);
      world.clock.advance(24 * HOUR);
      const { status, body } = await bring(world, {}, headers);
      expect([status, body.product.title, body.product.current_price]).toEqual([201, null, null]);
    });
  });

  describe("with include=variations", () => {
    const operation: SourceOperation = { name: "get-variations", idsPerCall: 1, limitKey: null, cost: () => 1 };
    const withColours = (fail = false) => {
      const source = creators({
        client: {
          fetchVariations: async () => {
            if (fail) throw sourceError("creators-api", "retriable", "InternalError");
            const variants = [{ color_name: "Red", asin: "B000000002", images: [] }];
            return { parentAsin: "B000000009", variants, pages: 1, raw: "{}", signals: {} };
          },
        },
      });
      const { descriptor } = source;
      return { ...source, descriptor: { ...descriptor, operations: [...descriptor.operations, operation] } };
    };

    it("brings the colours too", async () => {
      const world = new ProductsWorld(withColours());
      for (const include of [["variations"], "variations"]) {
        const { body } = await bring(world, { include });
        expect(body.product.variants).toMatchObject([{ color_name: "Red" }]);
        expect(body.imported_fields).toContain("variants");
      }
    });

    it("imports the product all the same when they cannot be listed, and says why", async () => {
      const { status, body } = await bring(new ProductsWorld(withColours(true)), { include: ["variations"] });
      expect([status, body.product.title, body.product.variants]).toEqual([201, FULL.title, null]);
      expect(body.product.missing.map(({ field }: { field: string }) => field)).toContain("variants");
    });
  });
});
