import { describe, expect, it } from "vitest";
import type { SourceClient } from "../../../../../lambdas/common/core/sources/source-client.ts";
import { SourceError } from "../../../../../lambdas/common/core/sources/source-error.ts";
import { boundedClient } from "../../../../../lambdas/common/sources/registry/bounded-client.ts";
import { isAllUnicode, itemBytes } from "../../../../helpers/memory/item-rules.ts";
import { asinNumber } from "../../../../helpers/rows.ts";

const { signal } = new AbortController();
const request = { marketplace: "www.amazon.com", asins: [asinNumber(1)] };
const endless = "\ud83d".repeat(450_000);
const answer = async () => ({
  products: [
    { asin: asinNumber(1), fields: { title: endless, image_url: "no address" } },
    { asin: asinNumber(2), fields: { title: "Lamp" } },
  ],
  failures: [{ asin: asinNumber(3), code: endless, message: endless }],
  raw: "{}",
  signals: {},
});
const variants = Array.from({ length: 2_000 }, (_, n) => ({
  color_name: `${endless.slice(0, 100)}${n}`,
  asin: asinNumber(n),
  images: [{ small: null, medium: null, large: `https://images.example/${n}` }],
}));

describe("the edge of a source", () => {
  it("can do all that the source's client can, and nothing else", () => {
    const never = async () => Promise.reject(new Error("not called"));
    // Required: a new ability of clients does not compile here until it is named.
    const able: Required<SourceClient> = {
      ...{ prepare: never, connectionTo: () => undefined, refusalFor: () => null, screen: () => [] },
      ...{ fetchProducts: never, fetchOffers: never, search: never, fetchVariations: never, fetchSeries: never },
    };
    expect(Object.keys(boundedClient(able)).sort()).toEqual(Object.keys(able).sort());
    expect(Object.keys(boundedClient({ fetchProducts: never }))).toEqual(["fetchProducts"]);
  });

  it("lets in what can be stored, with what was cut, for every operation", async () => {
    const client = boundedClient({
      fetchProducts: answer,
      fetchOffers: answer,
      search: answer,
      fetchVariations: async () => ({ parentAsin: "none", variants, pages: 1, raw: "{}", signals: {} }),
      screen: () => [{ asin: asinNumber(3), code: "", message: endless }],
    });
    const search = { marketplace: "www.amazon.com", query: "q", category: "All", limit: 10 };
    for (const given of [
      await client.fetchProducts(request, signal),
      await client.fetchOffers?.(request, signal),
      await client.search?.(search, signal),
    ]) {
      const { products = [], failures = [] } = given ?? {};
      expect(itemBytes({ products, failures })).toBeLessThan(6_000);
      expect(isAllUnicode([products, failures])).toBe(true);
      expect(products[0]).toMatchObject({ cuts: { title: expect.stringContaining("cut to 2048 bytes") } });
      expect(products[0]?.fields).not.toHaveProperty("image_url");
      expect(products[1]).toEqual({ asin: asinNumber(2), fields: { title: "Lamp" } });
      expect(failures).toMatchObject([{ asin: asinNumber(3), code: "InternalError" }]);
    }
    const family = await client.fetchVariations?.(
      { marketplace: "www.amazon.com", asin: asinNumber(1), page: 1 },
      signal,
    );
    expect(itemBytes({ variants: family?.variants })).toBeLessThan(163_840);
    expect(family?.variants.length).toBeGreaterThan(200);
    expect(family?.parentAsin).toBeNull();
    expect(client.screen?.([])).toMatchObject([{ code: "InternalError" }]);
  });

  it("can do what the client can, and nothing else", () => {
    const bare: SourceClient = { fetchProducts: answer };
    expect(Object.keys(boundedClient(bare))).toEqual(["fetchProducts"]);
    const refusalFor = () => ({ code: "NoPartnerTag", message: "no tag" });
    expect(boundedClient({ ...bare, refusalFor }).refusalFor?.("x")).toEqual(refusalFor());
  });

  it("bounds the words of a call that failed as a whole", () => {
    const error = new SourceError("keepa", { code: endless, status: 500, failureClass: "retriable", message: endless });
    expect(error.code).toBe("InternalError");
    expect(itemBytes({ message: error.message })).toBeLessThan(1_100);
    expect(error.message.isWellFormed()).toBe(true);
  });
});
