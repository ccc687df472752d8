import { describe, expect, it } from "vitest";
import { patient } from "../../../../helpers/source-context.ts";
import { A, client, item, US } from "./client-rig.ts";

const B = "B000000002";
const C = "B000000003";

describe("a PA-API search", () => {
  const request = { query: "usb", category: "Electronics", limit: 3 };

  it.each([
    ["www.amazon.com", "32.41", 3241],
    ["www.amazon.co.jp", "4900", 4900],
  ])("of %s asks prices in the lowest denomination: %s → %i", async (marketplace, price, minor) => {
    const { pa, requests } = client({ body: { SearchResult: { Items: [item(A)] } } });
    const answer = await pa.search?.({ ...request, marketplace, minPrice: price, maxPrice: price }, patient());
    expect(JSON.parse(requests[0]?.body ?? "")).toMatchObject({
      Keywords: "usb",
      SearchIndex: "Electronics",
      ItemCount: 3,
      MinPrice: minor,
      MaxPrice: minor,
    });
    expect(requests[0]?.headers.get("x-amz-target")).toMatch(/\.SearchItems$/);
    expect(answer?.products.map(({ asin }) => asin)).toEqual([A]);
  });

  it("without results is an empty answer", async () => {
    const { pa } = client({ body: { Errors: [{ Code: "NoResults", Message: "No results found for your request." }] } });
    expect((await pa.search?.({ ...request, marketplace: US }, patient()))?.products).toEqual([]);
  });
});

describe("a PA-API search beyond what PA-API takes", () => {
  const bodyFor = async (wish: object): Promise<Record<string, unknown>> => {
    const { pa, requests } = client({ body: { SearchResult: { Items: [item(A), item(B)] } } });
    await pa.search?.({ marketplace: US, query: "usb", category: "All", limit: 10, ...wish }, patient());
    return JSON.parse(requests[0]?.body ?? "");
  };

  it.each([
    [50, 10],
    [0, 1],
    [7, 7],
  ])("asks for %i results as %i", async (limit, ItemCount) =>
    expect(await bodyFor({ limit })).toMatchObject({ ItemCount }),
  );

  it("leaves out a price filter of nothing", async () => {
    const body = await bodyFor({ minPrice: "0", maxPrice: "0.00" });
    expect(body).not.toHaveProperty("MinPrice");
    expect(body).not.toHaveProperty("MaxPrice");
  });
});

describe("an error inside a 200", () => {
  const invalid = { Errors: [{ Code: "InvalidParameterValue", Message: "The value of SearchIndex is invalid." }] };
  const limited = { Errors: [{ Code: "TooManyRequests", Message: "Slower." }] };

  it.each([
    [invalid, "InvalidParameterValue", "permanent"],
    [limited, "TooManyRequests", "throttled"],
  ])("fails a search: %j", async (body, code, failureClass) => {
    const call = client({ body }).pa.search?.({ marketplace: US, query: "x", category: "All", limit: 3 }, patient());
    await expect(call).rejects.toMatchObject({ code, failureClass, status: 200 });
  });

  it.each([
    [invalid, "InvalidParameterValue", "permanent"],
    [limited, "TooManyRequests", "throttled"],
  ])("fails a family, which is not one without members: %j", async (body, code, failureClass) => {
    const call = client({ body }).pa.fetchVariations?.({ marketplace: US, asin: A, page: 1 }, patient());
    await expect(call).rejects.toMatchObject({ code, failureClass, status: 200 });
  });

  it("fails a family of which one member cannot be read", async () => {
    const body = { VariationsResult: { Items: [item(A), { ASIN: null }], VariationSummary: { PageCount: 1 } } };
    const call = client({ body }).pa.fetchVariations?.({ marketplace: US, asin: A, page: 1 }, patient());
    await expect(call).rejects.toMatchObject({ code: "UnexpectedShape", failureClass: "permanent" });
  });
});

describe("PA-API variations", () => {
  it("are read page by page with colours and pictures", async () => {
    const picture = (size: string): object => ({ URL: `https://m.media-amazon.com/${size}.jpg`, Width: 1, Height: 1 });
    const { pa, requests } = client({
      body: {
        VariationsResult: {
          Items: [
            item(A, {
              ParentASIN: C,
              VariationAttributes: [{ Name: "color_name", Value: "Red" }],
              Images: { Primary: { Small: picture("s"), Large: picture("l") } },
            }),
            item(B, { ParentASIN: C, ItemInfo: { ProductInfo: { Color: { DisplayValue: "Blue" } } } }),
          ],
          VariationSummary: { PageCount: 2, VariationCount: 12 },
        },
      },
    });
    const answer = await pa.fetchVariations?.({ marketplace: US, asin: A, page: 2 }, patient());
    expect(JSON.parse(requests[0]?.body ?? "")).toMatchObject({ ASIN: A, VariationPage: 2, VariationCount: 10 });
    expect(answer).toMatchObject({
      parentAsin: C,
      pages: 2,
      variants: [
        {
          asin: A,
          color_name: "Red",
          images: [
            { small: "https://m.media-amazon.com/s.jpg", medium: null, large: "https://m.media-amazon.com/l.jpg" },
          ],
        },
        { asin: B, color_name: "Blue", images: [] },
      ],
    });
  });

  it("of a product without any are none", async () => {
    const { pa } = client({ body: { Errors: [{ Code: "NoResults", Message: "No results found for your request." }] } });
    expect(await pa.fetchVariations?.({ marketplace: US, asin: A, page: 1 }, patient())).toMatchObject({
      parentAsin: null,
      variants: [],
      pages: 0,
    });
  });
});
