import { describe, expect, it } from "vitest";
import { DE, start, US } from "./sp-api-rig.ts";

const twenty = Array.from({ length: 20 }, (_, at) => `B0000000${10 + at}`);

describe("pricing", () => {
  const entry = (asin: string, MarketplaceId = US) => ({
    uri: `/products/pricing/v0/items/${asin}/offers`,
    method: "GET",
    MarketplaceId,
    ItemCondition: "New",
    CustomerType: "Consumer",
  });
  const path = "/batches/products/pricing/v0/itemOffers";

  it("answers each entry of a batch by itself", async () => {
    const { token, post, control } = await start();
    await control("/behaviour", { not_found_asins: ["B000000002"], null_price_asins: ["B000000003"] });
    const requests = [
      entry("B071HMM81V"),
      entry("B000000002"),
      entry("B000000003"),
      entry("bad"),
      entry("B071HMM81V", DE),
    ];
    const { status, body } = await post(path, await token(), { requests });
    expect(status).toBe(200);
    expect(body.responses.map((one: { status: { statusCode: number } }) => one.status.statusCode)).toEqual([
      200, 404, 200, 400, 403,
    ]);
    expect(body.responses[0].body.payload.Summary.BuyBoxPrices[0].ListingPrice).toMatchObject({ CurrencyCode: "USD" });
    expect(body.responses[2].body.payload.status).toBe("NoBuyableOffers");
  });

  it("refuses 21 entries and an empty batch, and slows down to one batch in ten seconds", async () => {
    const { token, post } = await start();
    const access = await token();
    expect((await post(path, access, { requests: [...twenty, "B071HMM81V"].map((asin) => entry(asin)) })).status).toBe(
      400,
    );
    expect((await post(path, access, { requests: [] })).status).toBe(400);
    const strict = await start({});
    const other = await strict.token();
    expect((await strict.post(path, other, { requests: [entry("B071HMM81V")] })).status).toBe(200);
    await strict.control("/behaviour", { clock_offset_ms: 9000 });
    expect((await strict.post(path, other, { requests: [entry("B071HMM81V")] })).status).toBe(429);
    await strict.control("/behaviour", { clock_offset_ms: 10_500 });
    expect((await strict.post(path, other, { requests: [entry("B071HMM81V")] })).status).toBe(200);
  });

  it("gives the newer summary with the data that was asked for", async () => {
    const { token, post } = await start();
    const uri = "/products/pricing/2022-05-01/items/competitiveSummary";
    const request = {
      uri,
      method: "GET",
      asin: "B071HMM81V",
      marketplaceId: US,
      includedData: ["featuredBuyingOptions"],
    };
    const { body } = await post(`/batches${uri}`, await token(), { requests: [request] });
    const [answer] = body.responses;
    expect(answer.status.statusCode).toBe(200);
    expect(Object.keys(answer.body).toSorted()).toEqual(["asin", "featuredBuyingOptions", "marketplaceId"]);
    const offer = answer.body.featuredBuyingOptions[0].segmentedFeaturedOffers[0];
    expect(offer.listingPrice).toEqual({ currencyCode: "USD", amount: expect.any(Number) });
  });
});

describe("the account's own prices", () => {
  const OWN = "B071HMM81V";
  const OTHER = "B0ABCDEFGH";
  const price = (query: string) => `/products/pricing/v0/price?MarketplaceId=${US}&${query}`;
  const competitive = (query: string) => `/products/pricing/v0/competitivePrice?MarketplaceId=${US}&${query}`;
  const selling = { calls_per_second: 1000, own_asins: [OWN] };

  it("are those of what it sells, by ASIN and by SKU", async () => {
    const { token, get } = await start(selling);
    const access = await token();
    const { status, body } = await get(price(`ItemType=Asin&Asins=${OWN},${OTHER},bad`), access);
    expect(status).toBe(200);
    expect(body.payload.map((entry: { status: string }) => entry.status)).toEqual([
      "Success",
      "Success",
      "ClientError",
    ]);
    expect(body.payload[0].Product.Offers[0]).toMatchObject({
      BuyingPrice: { ListingPrice: { CurrencyCode: "USD", Amount: expect.any(Number) } },
      RegularPrice: { CurrencyCode: "USD" },
      ItemCondition: "New",
      SellerSKU: `SKU-${OWN}`,
    });
    expect(body.payload[1].Product.Offers).toEqual([]);
    const bySku = (await get(price(`ItemType=Sku&Skus=SKU-${OWN},SKU-${OTHER}`), access)).body.payload;
    expect(bySku).toMatchObject([
      { status: "Success", SellerSKU: `SKU-${OWN}`, Product: { Identifiers: { MarketplaceASIN: { ASIN: OWN } } } },
      { status: "ClientError" },
    ]);
  });

  it("stand beside the featured price of anybody", async () => {
    const { token, get } = await start({ ...selling, null_price_asins: ["B000000002"] });
    const { body } = await get(competitive(`ItemType=Asin&Asins=${OWN},${OTHER},B000000002`), await token());
    const prices = body.payload.map(
      (entry: { Product: { CompetitivePricing: { CompetitivePrices: { belongsToRequester: boolean }[] } } }) =>
        entry.Product.CompetitivePricing.CompetitivePrices.map((one) => one.belongsToRequester),
    );
    expect(prices).toEqual([[true], [false], []]);
  });

  it("are read from a query that a client encoded twice", async () => {
    const { token, get } = await start(selling);
    const { status, body } = await get(price(`ItemType=Asin&Asins=${OWN}%252C${OTHER}`), await token());
    expect([status, body.payload.length]).toEqual([200, 2]);
  });

  it.each([
    ["ItemType=Asin", 400],
    [`ItemType=Mars&Asins=${OWN}`, 400],
    [`Asins=${OWN}`, 400],
    [`ItemType=Asin&Asins=${[...twenty, OWN].join(",")}`, 400],
    [`ItemType=Asin&Asins=${OWN}&ItemCondition=Broken`, 400],
  ])("refuse %s", async (query, status) => {
    const { token, get } = await start(selling);
    expect((await get(price(query), await token())).status).toBe(status);
  });

  it("are refused for a shop of another region", async () => {
    const { token, get } = await start(selling);
    const path = `/products/pricing/v0/price?MarketplaceId=${DE}&ItemType=Asin&Asins=${OWN}`;
    expect((await get(path, await token())).status).toBe(403);
  });

  it("come at one call in two seconds, each operation by itself", async () => {
    const { token, get, control } = await start({});
    const access = await token();
    const path = price(`ItemType=Asin&Asins=${OWN}`);
    const first = await get(path, access);
    expect([first.status, first.headers.get("x-amzn-ratelimit-limit")]).toEqual([200, "0.5"]);
    expect((await get(path, access)).status).toBe(429);
    expect((await get(competitive(`ItemType=Asin&Asins=${OWN}`), access)).status).toBe(200);
    await control("/behaviour", { clock_offset_ms: 2100 });
    expect((await get(path, access)).status).toBe(200);
  });

  it("lead to all offers of a listing, in a batch whose entries fail by themselves", async () => {
    const { token, post } = await start(selling);
    const entry = (sku: string) => ({
      uri: `/products/pricing/v0/listings/${sku}/offers`,
      method: "GET",
      MarketplaceId: US,
      ItemCondition: "New",
    });
    const path = "/batches/products/pricing/v0/listingOffers";
    const access = await token();
    const { body } = await post(path, access, { requests: [entry(`SKU-${OWN}`), entry("SKU-nothing")] });
    expect(body.responses).toMatchObject([
      {
        status: { statusCode: 200 },
        body: { payload: { SKU: `SKU-${OWN}`, status: "Success", Identifier: { SellerSKU: `SKU-${OWN}` } } },
        request: { SellerSKU: `SKU-${OWN}`, MarketplaceId: US },
      },
      { status: { statusCode: 400 }, body: { errors: [{ code: "InvalidInput" }] } },
    ]);
    expect((await post(path, access, { requests: [] })).status).toBe(400);
  });
});
