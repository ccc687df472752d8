import { describe, expect, it } from "vitest";
import { MARKETPLACES } from "../../../../../lambdas/common/core/products/marketplaces.ts";
import { ProductFieldsSchema } from "../../../../../lambdas/common/core/products/product.ts";
import { createSampleDataClient } from "../../../../../lambdas/common/sources/sample-data/client.ts";
import { descriptor } from "../../../../../lambdas/common/sources/sample-data/descriptor.ts";
import { patient } from "../../../../helpers/source-context.ts";

const ASINS = ["B000000001", "B000000002"];
const fetch = (marketplace: string, asins: readonly string[] = ASINS) =>
  createSampleDataClient().fetchProducts({ marketplace, asins }, patient());

describe("sample data", () => {
  it("is the same every time, and differs by product and by shop", async () => {
    const [first, again, german] = [
      await fetch("www.amazon.com"),
      await fetch("www.amazon.com"),
      await fetch("www.amazon.de"),
    ];
    expect(first).toEqual(again);
    const prices = [...first.products, ...german.products].map(({ fields }) => fields.current_price);
    expect(new Set(prices).size).toBe(4);
  });

  it.each(MARKETPLACES.map(({ code }) => code))("is a whole product in %s, marked as invented", async (marketplace) => {
    const { products, failures, raw } = await fetch(marketplace);
    expect(failures).toEqual([]);
    for (const { fields } of products) {
      expect(ProductFieldsSchema.partial().parse(fields)).toEqual(fields);
      expect(fields.title).toContain("(simulated)");
      expect(Object.keys(fields).filter((field) => !descriptor.fields.some((known) => known === field))).toEqual([]);
    }
    expect(JSON.parse(raw).simulated).toBe(true);
  });

  it("answers each id once, and stops when it is told to", async () => {
    expect((await fetch("www.amazon.com", ["B000000001", "B000000001"])).products).toHaveLength(1);
    const stopped = createSampleDataClient().fetchProducts(
      { marketplace: "www.amazon.com", asins: ASINS },
      AbortSignal.abort(),
    );
    await expect(stopped).rejects.toThrow();
    await expect(fetch("www.amazon.xx")).rejects.toMatchObject({
      code: "MarketplaceNotServed",
      failureClass: "permanent",
    });
  });

  it("never counts for quality", () => expect(descriptor.accuracy).toBe(0));
});
