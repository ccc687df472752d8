import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { clientFor, errorOf, fetchItems, fieldsOf, NOW, signal } from "./creators-answers.ts";

const FOLDER = join(import.meta.dirname, "../../../../shared/fixtures/creators-api");
const present = existsSync(FOLDER);
if (!present) console.info("skipped: recorded Creators API bodies are not there (../shared/fixtures/creators-api)");

const used = new Set<string>();
const body = (name: string): string => {
  used.add(`${name}.json`);
  return readFileSync(join(FOLDER, `${name}.json`), "utf8");
};
/** Puts a fragment of the documentation into an answer of one item. */
const asItem = (fragment: object, asin = "B00TSUGXKE"): string =>
  JSON.stringify({ itemsResult: { items: [{ asin, ...fragment }] } });
const JsonObject = z.record(z.string(), z.unknown());
const parse = (name: string) => JsonObject.parse(JSON.parse(body(name)));

describe.skipIf(!present)("recorded bodies of the Creators API", () => {
  afterAll(() => {
    const all = readdirSync(FOLDER).filter((name) => name.endsWith(".json"));
    expect([...used].sort()).toEqual(all.sort());
  });

  it("reads titles alone", async () => {
    const text = body("getitems-iteminfo-title");
    const [asin = ""] = /"asin": "([A-Z0-9]{10})"/.exec(text)?.slice(1) ?? [];
    const fields = fieldsOf(await fetchItems(text, [asin]), asin);
    expect(fields.title).toBe(/"displayValue": "([^"]+)"/.exec(text)?.[1]);
    expect(fields).toMatchObject({ image_url: null, images: null, brand: null, features: null });
    expect(fields.current_price).toBeUndefined();
  });

  it("reads names, features and a query that credits the partner", async () => {
    const fields = fieldsOf(await fetchItems(body("getitems-iteminfo-all"), ["B00KL8SM92"]), "B00KL8SM92");
    expect(fields).toMatchObject({
      title: "West Bend 82505 Stir Crazy Popcorn Popper, 6-Quart",
      brand: "West Bend",
      manufacturer: "West Bend",
      features: [
        "Vented clear cover doubles as a 6-quart capacity popcorn bowl",
        "Plate is nonstick Coated for easy clean up",
      ],
      detail_page_url: "https://www.amazon.com/dp/B00KL8SM92?tag=xyz-20&linkCode=ogi&language=es_US&th=1&psc=1",
    });
  });

  it("takes explicit nulls for absence", async () => {
    const answer = await fetchItems(body("getitems-explicit-nulls"), ["B09B8V1LZ3", "B09B2SBHQK"]);
    expect(answer.products.map(({ asin }) => asin)).toEqual(["B09B8V1LZ3", "B09B2SBHQK"]);
    const fields = fieldsOf(answer, "B09B2SBHQK");
    expect(fields).toMatchObject({
      parent_asin: "B0BZTW3TCH",
      brand: null,
      categories: null,
      image_url: "https://m.media-amazon.com/images/I/41cNJGm9ZFL._SL75_.jpg",
      images: [{ url: "https://m.media-amazon.com/images/I/41cNJGm9ZFL._SL75_.jpg", width: 75, height: 49 }],
      star_rating: null,
      customer_review_count: null,
    });
    expect(fields.features).toHaveLength(8);
    expect(fields.current_price).toBeUndefined();
    expect(fields.availability_type).toBeUndefined();
  });

  it("reads a deal's price, saving and availability", async () => {
    const fields = fieldsOf(await fetchItems(body("getitems-offersv2-lightning-deal"), ["B00MNV8E0C"]), "B00MNV8E0C");
    expect(fields).toMatchObject({
      current_price: "59.49",
      original_price: "69.99",
      savings_amount: "10.50",
      savings_percentage: 15,
      currency: "USD",
      condition: "New",
      availability_type: "in_stock",
      availability_message: null,
    });
  });

  it("reads a price whose saving basis is a former price, in the shop's currency", async () => {
    const text = asItem(parse("fragment-offersv2-live-br-was-price"));
    const fields = fieldsOf(await fetchItems(text, ["B00TSUGXKE"], "www.amazon.com.br"), "B00TSUGXKE");
    expect(fields).toMatchObject({
      current_price: "588.90",
      original_price: "619.99",
      savings_amount: "31.09",
      savings_percentage: 5,
      currency: "BRL",
      condition: null,
    });
  });

  it("reads availability with its words, and bears deal details and loyalty points", async () => {
    const listing = {
      ...parse("fragment-availability-merchant-loyalty"),
      ...parse("fragment-dealdetails-limited-time"),
    };
    const text = asItem({ offersV2: { listings: [listing] } });
    expect(fieldsOf(await fetchItems(text, ["B00TSUGXKE"]), "B00TSUGXKE")).toMatchObject({
      availability_type: "in_stock",
      availability_message: "In Stock",
    });
  });

  it("takes each picture in its largest size, the main one first", async () => {
    const text = asItem(parse("fragment-item-images-all-sizes"));
    expect(fieldsOf(await fetchItems(text, ["B00TSUGXKE"]), "B00TSUGXKE")).toMatchObject({
      image_url: "https://m.media-amazon.com/images/I/41FYkVPzrIL.jpg",
      images: [
        { url: "https://m.media-amazon.com/images/I/41FYkVPzrIL.jpg", width: 500, height: 500 },
        { url: "https://m.media-amazon.com/images/I/51CjYz4iQHL.jpg", width: 500, height: 500 },
      ],
    });
  });

  it.each(["getitems-browsenodes", "getitems-browsenodes-salesrank", "getitems-browsenodes-ancestor-rank-website"])(
    "reads the categories of %s",
    async (name) => {
      const fields = fieldsOf(await fetchItems(body(name), ["059035342X"]), "059035342X");
      expect(fields.categories?.slice(0, 2)).toEqual(["Orphans & Foster Homes", "Friendship"]);
      expect(fields.categories).not.toContain("Books");
    },
  );

  it("joins single failures by the id in their message, and misses none", async () => {
    const invalid = await fetchItems(body("getitems-partial-error-invalidparametervalue"), [
      "B08N5WRWNW",
      "B0BL8WSCH3",
    ]);
    expect(invalid.products.map(({ asin }) => asin)).toEqual(["B0BL8WSCH3"]);
    expect(invalid.failures).toMatchObject([{ asin: "B08N5WRWNW", code: "InvalidParameterValue" }]);

    const asked = ["B01180YUXS", "B0199980K4", "B000HZD168", "B00BKQTA4A", "B000000000"];
    const other = await fetchItems(body("getitems-partial-error-itemnotaccessible"), asked);
    expect(other.products.map(({ asin }) => asin)).toEqual(["B0199980K4", "B000HZD168", "B00BKQTA4A"]);
    expect(other.failures.map(({ asin, code }) => [asin, code])).toEqual([
      ["B01180YUXS", "ItemNotAccessible"],
      ["B000000000", "ItemNotFound"],
    ]);
    expect(fieldsOf(other, "B00BKQTA4A")).toMatchObject({ parent_asin: "B07L5N7P32" });
  });

  it("fails every id of a 404 alone", async () => {
    const answer = await fetchItems(
      body("error-404-item-not-accessible"),
      ["B08N5WRWNW", "B08N5WRWNX"],
      undefined,
      404,
    );
    expect(answer.products).toEqual([]);
    expect(answer.failures.map(({ asin, code }) => [asin, code])).toEqual([
      ["B08N5WRWNW", "ItemNotAccessible"],
      ["B08N5WRWNX", "ItemNotAccessible"],
    ]);
  });

  it.each([
    ["error-400-field-validation-failed", 400, "InvalidPartnerTag", "critical"],
    ["error-400-invalid-partner-tag", 400, "InvalidPartnerTag", "critical"],
    ["error-401-token-expired", 401, "TokenExpired", "retriable"],
    ["error-403-associate-not-eligible-live", 403, "AssociateNotEligible", "critical"],
    ["error-429-throttle-retry-after-seconds", 429, "ThrottleException", "throttled"],
    ["error-500-internal", 500, "InternalServerException", "retriable"],
  ])("reads %s", async (name, status, code, failureClass) => {
    const error = await errorOf(fetchItems(body(name), ["B08N5WRWNW"], undefined, status));
    expect({ code: error.code, status: error.status, failureClass: error.failureClass }).toEqual({
      code,
      status,
      failureClass,
    });
    if (status === 429) expect(error.signals).toEqual({ retryAfterMs: 60_000 });
    expect(error.tokenRefused).toBe(status === 401);
  });

  it("reads search results with their offers, and no results as none", async () => {
    const search = { marketplace: "www.amazon.com", query: "rtx 5070", category: "All", limit: 10 };
    const live = await clientFor({ body: body("searchitems-live-trimmed-us-rtx5070") }).search?.(search, signal);
    expect(live?.products).toHaveLength(1);
    expect(live?.products[0]).toMatchObject({
      asin: "B0DS6WPTLL",
      fields: {
        title: "ASUS Prime GeForce RTX 5070 12GB GDDR7 OC Edition",
        brand: "ASUS",
        categories: ["Graphics Cards"],
        current_price: "856.99",
        original_price: "909.99",
        availability_type: "in_stock",
        image_url: "https://m.media-amazon.com/images/I/41zeOBYIU9L._SL500_.jpg",
      },
    });
    const refined = await clientFor({ body: body("searchitems-refinements-all") }).search?.(search, signal);
    expect(refined?.products.map(({ asin }) => asin)).toEqual(["0545162076"]);
    // The one item of this hand-made body has an id of nine characters, which is no ASIN.
    const dutch = { ...search, marketplace: "www.amazon.nl" };
    const handmade = await clientFor(
      { body: body("searchitems-nl-handmade-by-a-third-party") },
      undefined,
      dutch.marketplace,
    ).search?.(dutch, signal);
    expect(handmade?.products).toEqual([]);
    const repaired = body("searchitems-nl-handmade-by-a-third-party").replace("B000TEST1", "B000TEST12");
    const readable = await clientFor({ body: repaired }, undefined, dutch.marketplace).search?.(dutch, signal);
    expect(readable?.products[0]?.fields).toMatchObject({
      current_price: "49.99",
      currency: "EUR",
      availability_type: "in_stock",
      availability_message: "Op voorraad",
      features: ["Feature 1", "Feature 2"],
    });
    const none = await clientFor({ status: 404, body: body("error-404-search-no-results") }).search?.(search, signal);
    expect(none).toMatchObject({ products: [], failures: [] });
  });

  it.each([
    ["getvariations-page1-uk", 10],
    ["getvariations-dimension-only", 3],
    ["getvariations-highest-price-only", 3],
  ])("reads the colours of %s", async (name, count) => {
    const request = { marketplace: "www.amazon.co.uk", asin: "B00422MCW6", page: 1 };
    const answer = await clientFor({ body: body(name) }, undefined, request.marketplace).fetchVariations?.(
      request,
      signal,
    );
    expect(answer?.pages).toBe(2);
    expect(answer?.variants).toHaveLength(count);
    expect(answer?.variants).toContainEqual({ asin: "B00422MCW6", color_name: "Black", images: [] });
  });

  it.each(["token-cognito-v2", "token-lwa-v3"])("takes the token of %s", async (name) => {
    const kept: unknown[] = [];
    const tokens = {
      get: async () => undefined,
      put: async (...put: unknown[]) => void kept.push(put),
      drop: async () => {},
    };
    const token = { status: 200, body: body(name) };
    await clientFor({ body: asItem({}), token }, tokens).prepare?.("www.amazon.com", signal);
    const { access_token } = z.object({ access_token: z.string() }).parse(JSON.parse(token.body));
    expect(kept).toEqual([[expect.stringContaining("3.1"), access_token, NOW + 3_600_000]]);
  });

  it("explains a credential of another region as critical", async () => {
    const token = { status: 400, body: body("token-error-cognito-invalid-client-http400") };
    const client = clientFor({ body: asItem({}), token });
    const error = await errorOf(client.fetchProducts({ marketplace: "www.amazon.com", asins: ["B00TSUGXKE"] }, signal));
    expect(error).toMatchObject({ code: "InvalidClient", failureClass: "critical", status: 400 });
    expect(error.message).toContain("invalid_client");
  });
});
