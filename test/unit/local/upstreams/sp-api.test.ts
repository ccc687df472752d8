import { describe, expect, it } from "vitest";
import { DE, start, US } from "./sp-api-rig.ts";

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
