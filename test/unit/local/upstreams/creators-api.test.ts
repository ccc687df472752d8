import { afterEach, describe, expect, it } from "vitest";
import { startCreatorsApiSimulator } from "../../../../local/upstreams/creators-api/server.ts";
import { LOCAL_CREATORS_CREDENTIALS, LOCAL_PARTNER_TAGS } from "../../../../local/upstreams/local-credentials.ts";
import { createProductSource } from "../../../../local/upstreams/shared/products/product-source.ts";
import type { RunningSimulator } from "../../../../local/upstreams/shared/server/simulator.ts";

type Version = keyof typeof LOCAL_CREATORS_CREDENTIALS;
const US = "www.amazon.com";
const running: RunningSimulator[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((simulator) => simulator.close()));
});

const start = async (behaviour: Record<string, unknown> = { calls_per_second: 1000 }) => {
  const simulator = await startCreatorsApiSimulator({ products: createProductSource(), behaviour });
  running.push(simulator);
  const json = async (response: Response) => ({
    status: response.status,
    headers: response.headers,
    body: await response.json(),
  });
  const post = async (path: string, headers: Record<string, string>, body: string) =>
    json(await fetch(simulator.url + path, { method: "POST", headers, body }));
  const tokenBody = (version: Version) => ({
    grant_type: "client_credentials",
    client_id: LOCAL_CREATORS_CREDENTIALS[version].client_id,
    client_secret: LOCAL_CREATORS_CREDENTIALS[version].client_secret,
    scope: version.startsWith("2") ? "creatorsapi/default" : "creatorsapi::default",
  });
  const askToken = (version: Version, change: Record<string, string> = {}, path?: string) => {
    const fields = { ...tokenBody(version), ...change };
    return version.startsWith("2")
      ? post(
          path ?? "/oauth2/token",
          { "content-type": "application/x-www-form-urlencoded" },
          new URLSearchParams(fields).toString(),
        )
      : post(path ?? "/auth/o2/token", { "content-type": "application/json" }, JSON.stringify(fields));
  };
  const authorization = async (version: Version) => {
    const { body } = await askToken(version);
    return version.startsWith("2") ? `Bearer ${body.access_token}, Version ${version}` : `Bearer ${body.access_token}`;
  };
  const call = (operation: string, auth: string, body: unknown, marketplace = US) =>
    post(
      `/catalog/v1/${operation}`,
      { "content-type": "application/json", "x-marketplace": marketplace, ...(auth ? { authorization: auth } : {}) },
      typeof body === "string"
        ? body
        : JSON.stringify({ partnerTag: LOCAL_PARTNER_TAGS[marketplace], ...(body as object) }),
    );
  const control = async (path: string, body?: unknown) =>
    json(
      await fetch(
        simulator.controlUrl + path,
        body === undefined ? {} : { method: "POST", body: JSON.stringify(body) },
      ),
    );
  return { simulator, post, askToken, authorization, call, control };
};

describe("the token services", () => {
  it("issue a Cognito token for 2.x and an LwA token for 3.x in their own forms", async () => {
    const { askToken } = await start();
    const cognito = await askToken("2.1");
    expect(cognito).toMatchObject({ status: 200, body: { token_type: "Bearer", expires_in: 3600 } });
    expect(cognito.body.access_token).toMatch(/^eyJ/);
    const lwa = await askToken("3.1");
    expect(lwa).toMatchObject({ status: 200, body: { token_type: "bearer", scope: "creatorsapi::default" } });
    expect(lwa.body.access_token).toMatch(/^Atc\|/);
  });

  it("take HTTP Basic from both families and a plain form from LwA", async () => {
    const { post } = await start();
    const form = { "content-type": "application/x-www-form-urlencoded" };
    const basic = (version: Version) => {
      const { client_id, client_secret } = LOCAL_CREATORS_CREDENTIALS[version];
      return { authorization: `Basic ${Buffer.from(`${client_id}:${client_secret}`).toString("base64")}` };
    };
    const rest = (scope: string) => new URLSearchParams({ grant_type: "client_credentials", scope }).toString();
    expect((await post("/oauth2/token", { ...form, ...basic("2.2") }, rest("creatorsapi/default"))).status).toBe(200);
    expect((await post("/auth/o2/token", { ...form, ...basic("3.1") }, rest("creatorsapi::default"))).status).toBe(200);
  });

  it.each([
    ["2.1", { client_secret: "wrong" }, 400, "invalid_client"],
    ["3.1", { client_secret: "wrong" }, 401, "invalid_client"],
    ["3.1", { scope: "creatorsapi/default" }, 400, "invalid_scope"],
    ["2.1", { scope: "creatorsapi::default" }, 400, "invalid_scope"],
    ["3.1", { grant_type: "refresh_token" }, 400, "unsupported_grant_type"],
  ] as const)("refuse %s with %j", async (version, change, status, error) => {
    const { askToken } = await start();
    expect(await askToken(version, change)).toMatchObject({ status, body: { error } });
  });

  it("refuse a credential at another region's address and at the other family's", async () => {
    const { askToken } = await start();
    expect((await askToken("3.1", {}, "/na/auth/o2/token")).status).toBe(200);
    expect(await askToken("3.1", {}, "/eu/auth/o2/token")).toMatchObject({
      status: 400,
      body: { error: "invalid_client" },
    });
    expect(await askToken("2.3", {}, "/eu/oauth2/token")).toMatchObject({
      status: 400,
      body: { error: "invalid_client" },
    });
    expect((await askToken("2.1", {}, "/auth/o2/token")).status).toBe(401);
  });
});

describe("authorization of a call", () => {
  const item = { itemIds: ["B071HMM81V"] };

  it("wants the version after a 2.x token and nothing after a 3.x one", async () => {
    const { askToken, authorization, call } = await start();
    const two = (await askToken("2.1")).body.access_token;
    const three = (await askToken("3.1")).body.access_token;
    expect((await call("getItems", await authorization("2.1"), item)).status).toBe(200);
    for (const header of [
      `Bearer ${two}`,
      `Bearer ${two}, Version 2.2`,
      `Bearer ${three}, Version 3.1`,
      `Bearer ${three}, Version 2.1`,
    ]) {
      expect(await call("getItems", header, item)).toMatchObject({ status: 401, body: { reason: "InvalidIssuer" } });
    }
  });

  it("tells missing, unknown and expired tokens apart", async () => {
    const { authorization, call, control } = await start({ calls_per_second: 1000, token_expires_in: 60 });
    expect((await call("getItems", "", item)).body).toMatchObject({
      type: "UnauthorizedException",
      reason: "MissingCredential",
    });
    expect((await call("getItems", "Bearer nonsense", item)).body.reason).toBe("InvalidToken");
    const auth = await authorization("3.1");
    await control("/behaviour", { clock_offset_ms: 59_000 });
    expect((await call("getItems", auth, item)).status).toBe(200);
    await control("/behaviour", { clock_offset_ms: 60_500 });
    expect(await call("getItems", auth, item)).toMatchObject({ status: 401, body: { reason: "TokenExpired" } });
  });

  it("makes tokens unknown when they are revoked", async () => {
    const { authorization, call, control } = await start();
    const auth = await authorization("3.1");
    expect((await control("/revoke-tokens", {})).body).toEqual({ revoked: 1 });
    expect((await call("getItems", auth, item)).body.reason).toBe("InvalidToken");
  });

  it("binds a credential to the shops of its region until told otherwise", async () => {
    const { authorization, call, control } = await start();
    const auth = await authorization("3.1");
    expect(await call("getItems", auth, item, "www.amazon.de")).toMatchObject({
      status: 403,
      body: { reason: "AuthorizationFailed" },
    });
    expect((await call("getItems", await authorization("3.2"), item, "www.amazon.de")).status).toBe(200);
    await control("/behaviour", { bind_regions: false });
    expect((await call("getItems", auth, item, "www.amazon.de")).status).toBe(200);
  });
});

describe("what getItems checks", () => {
  it.each([
    ["no ids", { itemIds: [] }, "itemIds"],
    ["eleven ids", { itemIds: Array.from({ length: 11 }, (_, at) => `B00000000${at % 10}`) }, "itemIds"],
    ["PascalCase keys", { ItemIds: ["B071HMM81V"] }, "ItemIds"],
    ["a PascalCase resource", { itemIds: ["B071HMM81V"], resources: ["ItemInfo.Title"] }, "resources"],
    [
      "a resource of another operation",
      { itemIds: ["B071HMM81V"], resources: ["variationSummary.variationDimension"] },
      "resources",
    ],
    ["an offers resource that is gone", { itemIds: ["B071HMM81V"], resources: ["offers.listings.price"] }, "resources"],
    ["a condition that is gone", { itemIds: ["B071HMM81V"], condition: "Used" }, "condition"],
    ["no partner tag", { itemIds: ["B071HMM81V"], partnerTag: undefined }, "partnerTag"],
  ])("refuses %s by name", async (_, body, field) => {
    const { authorization, call } = await start();
    const answer = await call("getItems", await authorization("3.1"), body);
    expect(answer).toMatchObject({
      status: 400,
      body: { type: "ValidationException", reason: "FieldValidationFailed" },
    });
    expect(answer.body.fieldList).toContain(field);
  });

  it("refuses the partner tag of another shop, an unknown shop, bad JSON and an unknown operation", async () => {
    const { authorization, call } = await start();
    const auth = await authorization("3.1");
    const ids = { itemIds: ["B071HMM81V"] };
    expect(
      (await call("getItems", auth, { ...ids, partnerTag: LOCAL_PARTNER_TAGS["www.amazon.ca"] })).body.reason,
    ).toBe("InvalidPartnerTag");
    expect((await call("getItems", auth, ids, "amazon.com")).body.fieldList).toEqual(["x-marketplace"]);
    expect((await call("getItems", auth, "{")).body.reason).toBe("CannotParse");
    expect((await call("GetItems", auth, ids)).body.reason).toBe("UnknownOperation");
  });

  it("accepts what other clients send and ignores it", async () => {
    const { authorization, call } = await start();
    const body = { itemIds: ["B071HMM81V"], itemIdType: "ASIN", marketplace: US, partnerType: "Associates" };
    expect((await call("getItems", await authorization("3.1"), body)).status).toBe(200);
  });
});

describe("what getItems answers", () => {
  it("gives only the title when nothing is asked and only what is asked otherwise", async () => {
    const { authorization, call } = await start();
    const auth = await authorization("3.1");
    const plain = (await call("getItems", auth, { itemIds: ["B071HMM81V"] })).body.itemsResult.items[0];
    expect(Object.keys(plain).sort()).toEqual(["asin", "detailPageURL", "itemInfo"]);
    expect(Object.keys(plain.itemInfo)).toEqual(["title"]);
    expect(plain.detailPageURL).toContain(`tag=${LOCAL_PARTNER_TAGS[US]}`);
    const resources = ["images.primary.highRes", "offersV2.listings.price"];
    const rich = (await call("getItems", auth, { itemIds: ["B071HMM81V"], resources })).body.itemsResult.items[0];
    expect(Object.keys(rich.images)).toEqual(["primary"]);
    expect(Object.keys(rich.images.primary)).toEqual(["hiRes"]);
    expect(typeof rich.offersV2.listings[0].price.money.amount).toBe("number");
    expect(rich.itemInfo).toBeUndefined();
  });

  it("answers bad ids beside good ones, and 404 when all are bad", async () => {
    const { authorization, call, control } = await start();
    const auth = await authorization("3.1");
    await control("/behaviour", { not_found_asins: ["B000000002"], fail_asins: { B000000003: "ItemNotFound" } });
    const { status, body } = await call("getItems", auth, {
      itemIds: ["B000000001", "B000000002", "B000000003", "b000000001"],
    });
    expect(status).toBe(200);
    expect(body.itemsResult.items.map((one: { asin: string }) => one.asin)).toEqual(["B000000001"]);
    expect(body.errors).toEqual([
      { code: "ItemNotAccessible", message: "The ItemId B000000002 is not accessible through the Creators API." },
      { code: "ItemNotFound", message: expect.stringContaining("B000000003") },
      { code: "InvalidParameterValue", message: "The ItemIds b000000001 provided in the request is invalid." },
    ]);
    expect(await call("getItems", auth, { itemIds: ["B000000002"] })).toMatchObject({
      status: 404,
      body: { type: "ResourceNotFoundException", resourceId: "B000000002" },
    });
  });

  it("does not keep the order of the request", async () => {
    const { authorization, call } = await start();
    const auth = await authorization("3.1");
    const itemIds = Array.from({ length: 10 }, (_, at) => `B00000000${at}`);
    const { body } = await call("getItems", auth, { itemIds });
    const got = body.itemsResult.items.map((one: { asin: string }) => one.asin);
    expect(got).not.toEqual(itemIds);
    expect(got.toSorted()).toEqual(itemIds);
  });

  it("has no offer for null_price_asins, an unpriced listing and a used one where told", async () => {
    const { authorization, call, control } = await start();
    const auth = await authorization("3.1");
    const resources = ["offersV2.listings.price", "offersV2.listings.availability", "offersV2.listings.condition"];
    await control("/behaviour", {
      null_price_asins: ["B071HMM81V"],
      unpriced_listing_asins: ["B071HMM82V"],
      used_buy_box: true,
    });
    const { body } = await call("getItems", auth, { itemIds: ["B071HMM81V", "B071HMM82V", "B071HMM83V"], resources });
    const byAsin = new Map<string, { offersV2?: { listings: { price?: unknown; condition: { value: string } }[] } }>(
      body.itemsResult.items.map((one: { asin: string }) => [one.asin, one]),
    );
    expect(byAsin.get("B071HMM81V")?.offersV2).toBeUndefined();
    expect(byAsin.get("B071HMM82V")?.offersV2?.listings[0]?.price).toBeUndefined();
    expect(byAsin.get("B071HMM83V")?.offersV2?.listings[0]?.condition.value).toBe("Used");
  });

  it("writes null for what was not asked when told to", async () => {
    const { authorization, call } = await start({ calls_per_second: 1000, explicit_nulls: true });
    const { body } = await call("getItems", await authorization("3.1"), { itemIds: ["B071HMM81V"] });
    expect(body.itemsResult.items[0]).toMatchObject({ images: null, offersV2: null, itemInfo: { features: null } });
  });
});

describe("the other operations", () => {
  it("pages through a family from a child and sums it up", async () => {
    const { authorization, call } = await start();
    const auth = await authorization("3.1");
    const family = createProductSource().familyOf("B0ZABCDEF1")?.children ?? [];
    const resources = ["variationSummary.variationDimension", "variationSummary.price.lowestPrice"];
    const seen: string[] = [];
    for (const variationPage of [1, 2, 3]) {
      const { body } = await call("getVariations", auth, { asin: family[3], variationPage, resources });
      seen.push(...body.variationsResult.items.map((one: { asin: string }) => one.asin));
      expect(body.variationsResult.variationSummary).toMatchObject({ pageCount: 3, variationCount: family.length });
      expect(body.variationsResult.variationSummary.price.highestPrice).toBeUndefined();
    }
    expect(seen).toEqual(family);
    expect((await call("getVariations", auth, { asin: family[3], variationPage: 4 })).status).toBe(404);
  });

  it("searches ten a page within price bounds and answers 404 for nothing", async () => {
    const { authorization, call } = await start();
    const auth = await authorization("3.1");
    const { body } = await call("searchItems", auth, {
      keywords: "lamp",
      minPrice: 5000,
      resources: ["offersV2.listings.price"],
    });
    expect(body.searchResult.items.length).toBeLessThanOrEqual(10);
    for (const one of body.searchResult.items)
      expect(one.offersV2.listings[0].price.money.amount).toBeGreaterThanOrEqual(50);
    expect((await call("searchItems", auth, { keywords: "lamp", minPrice: 900_000_000 })).status).toBe(404);
    expect((await call("searchItems", auth, { itemCount: 10 })).body.fieldList).toEqual(["keywords"]);
    expect((await call("searchItems", auth, { keywords: "lamp", itemCount: 11 })).body.fieldList).toEqual([
      "itemCount",
    ]);
  });

  it("answers browse nodes with unknown ones beside them", async () => {
    const { authorization, call } = await start();
    const { body } = await call("getBrowseNodes", await authorization("3.1"), {
      browseNodeIds: ["3045", "7"],
      resources: ["browseNodes.ancestor"],
    });
    expect(body.browseNodesResult.browseNodes[0]).toMatchObject({ id: "3045", ancestor: { ancestor: { id: "1000" } } });
    expect(body.errors[0].message).toContain("7");
  });
});

describe("limits and faults", () => {
  const item = { itemIds: ["B071HMM81V"] };
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

  it("lets one call a second in, whatever the credential, and says when to come back", async () => {
    const { authorization, call, control } = await start({});
    const [one, two] = [await authorization("3.1"), await authorization("2.1")];
    expect((await call("getItems", one, item)).status).toBe(200);
    const refused = await call("searchItems", two, { keywords: "x" });
    expect(refused).toMatchObject({ status: 429, body: { type: "ThrottleException", retryAfterSeconds: 1 } });
    await pause(1010);
    expect((await call("getItems", two, item)).status).toBe(200);
    const calls = (await control("/calls")).body;
    expect(calls).toMatchObject({
      total: 3,
      by_status: { 200: 2, 429: 1 },
      max_calls_in_any_second: 2,
      token_calls: 2,
    });
    expect(calls.ids_per_call).toEqual({ mean: 1, histogram: { 1: 2 } });
  });

  it("ends a rolling day after its calls and opens when the first of them is a day old", async () => {
    const { authorization, call, control } = await start({
      calls_per_second: 1000,
      calls_per_day: 2,
      token_expires_in: 900_000,
    });
    const auth = await authorization("3.1");
    expect((await call("getItems", auth, item)).status).toBe(200);
    await control("/behaviour", { clock_offset_ms: 3_600_000 });
    expect((await call("getItems", auth, item)).status).toBe(200);
    const refused = await call("getItems", auth, item);
    expect(refused.status).toBe(429);
    expect(refused.body.retryAfterSeconds).toBeGreaterThan(82_000);
    await control("/behaviour", { clock_offset_ms: 86_400_500 });
    expect((await call("getItems", auth, item)).status).toBe(200);
    expect((await call("getItems", auth, item)).status).toBe(429);
  });

  it.each([
    ["header", "1", undefined],
    ["both", "1", 1],
    ["none", null, undefined],
  ])("puts the wait where told: %s", async (retry_after, header, inBody) => {
    const { authorization, call } = await start({ retry_after });
    const auth = await authorization("3.1");
    await call("getItems", auth, item);
    const refused = await call("getItems", auth, item);
    expect(refused.headers.get("retry-after")).toBe(header);
    expect(refused.body.retryAfterSeconds).toBe(inBody);
  });

  it("breaks down as told and is back after a reset", async () => {
    const { simulator, authorization, call, control } = await start();
    const auth = await authorization("3.1");
    await control("/behaviour", { not_eligible: true });
    expect(await call("getItems", auth, item)).toMatchObject({ status: 403, body: { reason: "AssociateNotEligible" } });
    await control("/behaviour", { not_eligible: false, endless_429: true });
    expect((await call("getItems", auth, item)).status).toBe(429);
    await control("/behaviour", { endless_429: null, outage: true });
    expect((await call("getItems", auth, item)).status).toBe(503);
    await control("/behaviour", { outage: "reset" });
    await expect(fetch(`${simulator.url}/catalog/v1/getItems`, { method: "POST" })).rejects.toThrow();
    await control("/behaviour", { outage: false, error_rate: 1 });
    expect(await call("getItems", auth, item)).toMatchObject({
      status: 500,
      body: { type: "InternalServerException" },
    });
    await control("/behaviour", { error_rate: 0, fail_calls_with_asins: { B071HMM81V: 502 } });
    expect((await call("getItems", auth, item)).status).toBe(502);
    await control("/reset", {});
    expect((await call("getItems", auth, item)).status).toBe(200);
    expect((await control("/calls")).body).toMatchObject({ total: 1, by_status: { 200: 1 } });
  });

  it("counts a call whose caller left before the answer", async () => {
    const { simulator, authorization, control } = await start({ calls_per_second: 1000, latency_ms: 60_000 });
    await control("/behaviour", { latency_ms: 0 });
    const auth = await authorization("3.1");
    await control("/behaviour", { latency_ms: null });
    const signal = AbortSignal.timeout(100);
    const headers = { authorization: auth, "content-type": "application/json", "x-marketplace": US };
    const body = JSON.stringify({ partnerTag: LOCAL_PARTNER_TAGS[US], ...item });
    await expect(
      fetch(`${simulator.url}/catalog/v1/getItems`, { method: "POST", headers, body, signal }),
    ).rejects.toThrow();
    await expect.poll(async () => (await control("/calls")).body.by_status).toEqual({ aborted: 1 });
  });

  it("refuses unknown and wrong switches with the reason and changes nothing", async () => {
    const { control } = await start();
    const before = (await control("/behaviour")).body;
    const answer = await control("/behaviour", { latency_ms: 5, surprise: true });
    expect(answer.status).toBe(400);
    expect(answer.body.error).toContain("surprise");
    expect((await control("/behaviour", { error_rate: 2 })).status).toBe(400);
    expect((await control("/behaviour")).body).toEqual(before);
    expect((await control("/nowhere")).status).toBe(404);
  });

  it("gives the same answers after a new start with the same seed", async () => {
    const ask = async () => {
      const { authorization, call } = await start();
      const itemIds = Array.from({ length: 10 }, (_, at) => `B01234567${at}`);
      return (
        await call("getItems", await authorization("3.1"), {
          itemIds,
          resources: ["offersV2.listings.price", "itemInfo.title"],
        })
      ).body;
    };
    expect(await ask()).toEqual(await ask());
  });
});
