import { afterEach, describe, expect, it } from "vitest";
import { LOCAL_CREDENTIALS } from "../../../../local/upstreams/local-credentials.ts";
import { createProductSource } from "../../../../local/upstreams/shared/products/product-source.ts";
import type { RunningSimulator } from "../../../../local/upstreams/shared/server/simulator.ts";
import { startSpApiSimulator } from "../../../../local/upstreams/sp-api/server.ts";

const US = "ATVPDKIKX0DER";
const DE = "A1PA6795UKMFR9";
const running: RunningSimulator[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((simulator) => simulator.close()));
});

const start = async (behaviour: Record<string, unknown> = { calls_per_second: 1000 }) => {
  const simulator = await startSpApiSimulator({ products: createProductSource(), behaviour });
  running.push(simulator);
  const { region: _, ...secret } = LOCAL_CREDENTIALS["sp-api"];
  const json = async (response: Response) => ({
    status: response.status,
    headers: response.headers,
    body: await response.json(),
  });
  const askToken = async (change: Record<string, string> = {}, asForm = false) => {
    const fields = { grant_type: "refresh_token", ...secret, ...change };
    return json(
      await fetch(`${simulator.url}/auth/o2/token`, {
        method: "POST",
        headers: { "content-type": asForm ? "application/x-www-form-urlencoded" : "application/json" },
        body: asForm ? new URLSearchParams(fields).toString() : JSON.stringify(fields),
      }),
    );
  };
  const token = async () => (await askToken()).body.access_token as string;
  const get = async (path: string, access: string) =>
    json(await fetch(simulator.url + path, { headers: { "x-amz-access-token": access } }));
  const post = async (path: string, access: string, body: unknown) =>
    json(
      await fetch(simulator.url + path, {
        method: "POST",
        headers: { "x-amz-access-token": access },
        body: JSON.stringify(body),
      }),
    );
  const control = async (path: string, body?: unknown) =>
    (
      await fetch(simulator.controlUrl + path, body === undefined ? {} : { method: "POST", body: JSON.stringify(body) })
    ).json();
  return { askToken, token, get, post, control };
};

const search = (query: string) => `/catalog/2022-04-01/items?marketplaceIds=${US}&${query}`;
const twenty = Array.from({ length: 20 }, (_, at) => `B0000000${10 + at}`);

describe("access tokens", () => {
  it("are given for JSON and for a form", async () => {
    const { askToken } = await start();
    for (const asForm of [true, false]) {
      expect(await askToken({}, asForm)).toMatchObject({
        status: 200,
        body: { token_type: "bearer", expires_in: 3600 },
      });
    }
  });

  it.each([
    [{ client_secret: "wrong" }, 401, "invalid_client"],
    [{ refresh_token: "wrong" }, 400, "invalid_grant"],
    [{ grant_type: "client_credentials" }, 400, "unsupported_grant_type"],
  ])("are refused with %j", async (change, status, error) => {
    const { askToken } = await start();
    expect(await askToken(change)).toMatchObject({ status, body: { error } });
  });

  it("that are missing, unknown or expired answer 403, the last with words a client can act on", async () => {
    const { token, get, control } = await start();
    const access = await token();
    expect((await get(search("keywords=lamp"), "")).body.errors[0].code).toBe("Unauthorized");
    expect((await get(search("keywords=lamp"), "Atza|x")).status).toBe(403);
    await control("/behaviour", { clock_offset_ms: 3_601_000 });
    const { status, headers, body } = await get(search("keywords=lamp"), access);
    expect(status).toBe(403);
    expect(body.errors[0].details).toMatch(/access token.*expired/);
    expect(headers.get("x-amzn-ratelimit-limit")).toBeNull();
  });
});

describe("searchCatalogItems", () => {
  it("gives ten of twenty until the page size is named, and the rest by token", async () => {
    const { token, get } = await start();
    const access = await token();
    const ids = `identifiers=${twenty.join(",")}&identifiersType=ASIN`;
    const first = await get(search(ids), access);
    expect(first.body).toMatchObject({ numberOfResults: 20 });
    expect(first.body.items).toHaveLength(10);
    const second = await get(search(`${ids}&pageToken=${first.body.pagination.nextToken}`), access);
    const seen = [...first.body.items, ...second.body.items].map((item: { asin: string }) => item.asin);
    expect(seen.toSorted()).toEqual(twenty);
    expect((await get(search(`${ids}&pageSize=20`), access)).body.items).toHaveLength(20);
  });

  it("takes repeated keys as well as commas", async () => {
    const { token, get } = await start();
    const { body } = await get(
      search("identifiers=B071HMM81V&identifiers=B0ABCDEFGH&identifiersType=ASIN"),
      await token(),
    );
    expect(body.numberOfResults).toBe(2);
  });

  it.each([
    ["one malformed ASIN among good ones", "identifiers=B071HMM81V,b071hmm81v&identifiersType=ASIN"],
    ["21 identifiers", `identifiers=${[...twenty, "B071HMM81V"].join(",")}&identifiersType=ASIN`],
    ["no identifiersType", "identifiers=B071HMM81V"],
    ["identifiers and keywords", "identifiers=B071HMM81V&identifiersType=ASIN&keywords=lamp"],
    ["a page of 21", "keywords=lamp&pageSize=21"],
    ["unknown data", "keywords=lamp&includedData=prices"],
  ])("refuses the whole call for %s", async (_, query) => {
    const { token, get } = await start();
    expect(await get(search(query), await token())).toMatchObject({
      status: 400,
      body: { errors: [{ code: "InvalidInput" }] },
    });
  });

  it("leaves unknown ASINs out without a word and carries no price but the list price", async () => {
    const { token, get, control } = await start();
    await control("/behaviour", { not_found_asins: ["B0ABCDEFGH"] });
    const all =
      "summaries,images,attributes,relationships,salesRanks,classifications,dimensions,identifiers,productTypes";
    const query = search(`identifiers=B0ABCDEFGH,B071HMM81V&identifiersType=ASIN&includedData=${all}`);
    const { body } = await get(query, await token());
    expect(body.items).toHaveLength(1);
    const [item] = body.items;
    expect(item.summaries[0]).toMatchObject({ marketplaceId: US, itemName: expect.any(String) });
    const main = item.images[0].images.filter((image: { variant: string }) => image.variant === "MAIN");
    expect(main.length).toBeGreaterThan(1);
  });

  it("is refused for a shop of another region", async () => {
    const { token, get, control } = await start();
    const path = `/catalog/2022-04-01/items?marketplaceIds=${DE}&keywords=lamp`;
    const access = await token();
    expect((await get(path, access)).status).toBe(403);
    await control("/behaviour", { bind_regions: false });
    expect((await get(path, access)).status).toBe(200);
  });

  it("can be told to fail a call for one of its ASINs", async () => {
    const { token, get, control } = await start();
    const access = await token();
    await control("/behaviour", { fail_asins: { B071HMM81V: "InvalidInput" } });
    expect((await get(search("identifiers=B071HMM81V&identifiersType=ASIN"), access)).status).toBe(400);
    await control("/behaviour", { fail_asins: {}, fail_calls_with_asins: { B071HMM81V: 503 } });
    expect((await get(search("identifiers=B071HMM81V&identifiersType=ASIN"), access)).body.errors[0].code).toBe(
      "ServiceUnavailable",
    );
  });
});

describe("rates", () => {
  it("are a bucket an operation: two searches at once, the third 429 without the header", async () => {
    const { token, get, control } = await start({});
    const access = await token();
    const path = search("keywords=lamp");
    const first = await get(path, access);
    expect(first.headers.get("x-amzn-ratelimit-limit")).toBe("2");
    expect((await get(path, access)).status).toBe(200);
    const refused = await get(path, access);
    expect(refused).toMatchObject({ status: 429, body: { errors: [{ code: "QuotaExceeded" }] } });
    expect(refused.headers.get("x-amzn-ratelimit-limit")).toBeNull();
    expect((await get(`/catalog/2022-04-01/items/B071HMM81V?marketplaceIds=${US}`, access)).status).toBe(200);
    await control("/behaviour", { clock_offset_ms: 600 });
    expect((await get(path, access)).status).toBe(200);
    await control("/behaviour", { rate_header: "with_429" });
    expect((await get(path, access)).headers.get("x-amzn-ratelimit-limit")).toBe("2");
  });
});

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
