import { describe, expect, it } from "vitest";
import { CreatorsApiSecretSchema } from "../../../../../lambdas/common/core/sources/known/creators-api/secret.ts";
import { SourceError } from "../../../../../lambdas/common/core/sources/source-error.ts";
import { createCreatorsApiClient } from "../../../../../lambdas/common/sources/creators-api/client.ts";
import { descriptor } from "../../../../../lambdas/common/sources/creators-api/descriptor.ts";

const US = "www.amazon.com";
const A = "B07CXG6C9W";
const B = "B08N5WRWNW";
const signal = new AbortController().signal;

interface Seen {
  url: string;
  headers: Headers;
  body: string;
}

const setup = (
  version = "3.1",
  replies: { status: number; body: unknown; headers?: Record<string, string> }[] = [],
) => {
  const seen: Seen[] = [];
  let now = 1_000_000;
  let issued = 0;
  let tokenStatus: number | undefined;
  const cached = new Map<string, { token: string; until: number }>();
  const fetchFake: typeof fetch = async (url, init) => {
    const request = new Request(url, init);
    seen.push({ url: String(url), headers: request.headers, body: await request.text() });
    if (String(url).includes("token")) {
      if (tokenStatus !== undefined) return Response.json({ error: "invalid_client" }, { status: tokenStatus });
      issued += 1;
      return Response.json({ access_token: `token-${issued}`, expires_in: 3600 });
    }
    const reply = replies.shift() ?? { status: 200, body: { itemsResult: { items: [] } } };
    const text = typeof reply.body === "string" ? reply.body : JSON.stringify(reply.body);
    return new Response(text, { status: reply.status, headers: reply.headers ?? {} });
  };
  const client = createCreatorsApiClient({
    secret: CreatorsApiSecretSchema.parse({
      account: "shop",
      credential_version: version,
      client_id: "the-id",
      client_secret: "the-secret",
      partner_tags: { "amazon.com": "tag-20", JP: "tag-22", ...(version === "2.2" ? { DE: "tag-21" } : {}) },
    }),
    secretVersion: "v1",
    endpoints: version === "real" ? {} : { api: "http://api.test/", token: "http://token.test/o2" },
    clock: { now: () => now, sleep: async () => {} },
    tokens: {
      get: async (key) => {
        const entry = cached.get(key);
        return entry && entry.until - 30_000 > now ? entry.token : undefined;
      },
      put: async (key, token, until) => void cached.set(key, { token, until }),
      drop: async (key) => void cached.delete(key),
    },
    fetch: fetchFake,
  });
  return {
    client,
    seen,
    cached,
    calls: () => seen.filter(({ url }) => url.includes("api.test")),
    advance: (ms: number) => (now += ms),
    issued: () => issued,
    /** From now on the token service answers with this status. */
    refuseTokens: (status: number | undefined) => {
      tokenStatus = status;
    },
  };
};

const item = (listings: object[], more: object = {}) => ({
  status: 200,
  body: { itemsResult: { items: [{ asin: A, offersV2: { listings }, ...more }] } },
});
const money = (amount: number | string, currency = "USD") => ({ money: { amount, currency } });

const fieldsFor = async (listings: object[], more: object = {}, marketplace = US) => {
  const { client } = setup(marketplace.endsWith(".jp") ? "3.3" : "3.1", [item(listings, more)]);
  const answer = await client.fetchProducts({ marketplace, asins: [A] }, signal);
  return answer.products[0]?.fields ?? {};
};

const errorFrom = async (reply: { status: number; body: unknown; headers?: Record<string, string> }) => {
  const thrown: unknown = await setup("3.1", [reply])
    .client.fetchProducts({ marketplace: US, asins: [A] }, signal)
    .catch((error: unknown) => error);
  if (thrown instanceof SourceError) return thrown;
  throw new Error("no SourceError");
};

describe("calls and tokens", () => {
  it("asks a Login with Amazon token by JSON and sends it bare", async () => {
    const { client, seen, calls } = setup("3.1");
    await client.fetchProducts({ marketplace: US, asins: [A, B] }, signal);
    expect(seen[0]?.url).toBe("http://token.test/o2");
    expect(JSON.parse(seen[0]?.body ?? "")).toEqual({
      grant_type: "client_credentials",
      client_id: "the-id",
      client_secret: "the-secret",
      scope: "creatorsapi::default",
    });
    const [call] = calls();
    expect(call?.url).toBe("http://api.test/catalog/v1/getItems");
    expect(call?.headers.get("authorization")).toBe("Bearer token-1");
    expect(call?.headers.get("x-marketplace")).toBe(US);
    expect(JSON.parse(call?.body ?? "")).toMatchObject({ itemIds: [A, B], partnerTag: "tag-20" });
  });

  it("asks a Cognito token by form and names the version after it", async () => {
    const { client, seen, calls } = setup("2.2");
    await client.fetchProducts({ marketplace: "www.amazon.de", asins: [A] }, signal);
    expect(seen[0]?.headers.get("content-type")).toContain("application/x-www-form-urlencoded");
    expect(new URLSearchParams(seen[0]?.body).get("scope")).toBe("creatorsapi/default");
    expect(calls()[0]?.headers.get("authorization")).toBe("Bearer token-1, Version 2.2");
  });

  it("shares one token between calls and instances until half a minute before its end", async () => {
    const { client, issued, advance } = setup();
    for (let call = 0; call < 5; call += 1) {
      await client.fetchProducts({ marketplace: US, asins: [A] }, signal);
      advance(15_000);
    }
    expect(issued()).toBe(1);
    advance(3_600_000 - 75_000 - 30_000);
    await client.prepare?.(US, signal);
    expect(issued()).toBe(2);
  });

  it("drops a refused token, asks for a call in a new slot, and does not call twice by itself", async () => {
    const { client, calls, issued } = setup("3.1", [
      { status: 401, body: { type: "UnauthorizedException", reason: "InvalidToken", message: "no" } },
    ]);
    await expect(client.fetchProducts({ marketplace: US, asins: [A] }, signal)).rejects.toMatchObject({
      code: "InvalidToken",
      failureClass: "retriable",
      tokenRefused: true,
    });
    expect(calls()).toHaveLength(1);
    await client.fetchProducts({ marketplace: US, asins: [A] }, signal);
    expect(issued()).toBe(2);
    expect(calls()[1]?.headers.get("authorization")).toBe("Bearer token-2");
  });

  it("leaves the token service alone for a minute once it has refused the credentials", async () => {
    const made = setup();
    made.refuseTokens(401);
    const attempt = () => made.client.prepare?.(US, signal);
    for (let call = 0; call < 5; call += 1) {
      await expect(attempt()).rejects.toMatchObject({ code: "InvalidClient", failureClass: "critical" });
    }
    expect(made.seen).toHaveLength(1);
    made.advance(59_999);
    await expect(attempt()).rejects.toBeInstanceOf(SourceError);
    expect(made.seen).toHaveLength(1);
    made.refuseTokens(undefined);
    made.advance(1);
    await attempt();
    expect(made.issued()).toBe(1);
  });

  it("asks the token service again after a failure that may pass", async () => {
    const made = setup();
    made.refuseTokens(503);
    await expect(made.client.prepare?.(US, signal)).rejects.toMatchObject({ failureClass: "retriable" });
    made.refuseTokens(undefined);
    await made.client.prepare?.(US, signal);
    expect(made.seen).toHaveLength(2);
  });

  it("keeps a token that another instance has renewed meanwhile", async () => {
    const { client, cached, issued } = setup("3.1", [
      { status: 401, body: { type: "UnauthorizedException", reason: "TokenExpired" } },
    ]);
    await client.prepare?.(US, signal);
    for (const key of cached.keys()) cached.set(key, { token: "renewed", until: 99_999_999 });
    await expect(client.fetchProducts({ marketplace: US, asins: [A] }, signal)).rejects.toThrow();
    await client.prepare?.(US, signal);
    expect(issued()).toBe(1);
    expect([...cached.values()][0]?.token).toBe("renewed");
  });

  it("refuses a shop without a partner tag before any call, and says how to add one", async () => {
    const { client, seen } = setup();
    expect(client.refusalFor?.(US)).toBeNull();
    expect(client.refusalFor?.("www.amazon.ca")).toMatchObject({ code: "NoPartnerTag" });
    expect(client.refusalFor?.("www.amazon.co.jp")).toMatchObject({
      code: "WrongRegion",
      message: expect.stringContaining("North American shops only"),
    });
    await expect(client.fetchProducts({ marketplace: "www.amazon.ca", asins: [A] }, signal)).rejects.toMatchObject({
      code: "NoPartnerTag",
      failureClass: "critical",
      message: expect.stringContaining("enrichline credentials set creators-api"),
    });
    expect(seen).toEqual([]);
  });

  it("searches in the lowest denomination of the shop's currency and asks for at most ten", async () => {
    const { client, calls } = setup("3.1", [{ status: 200, body: { searchResult: { items: [] } } }]);
    const search = { query: "lamp", category: "All", limit: 40, minPrice: "32.41", maxPrice: "50" };
    await client.search?.({ marketplace: US, ...search }, signal);
    expect(JSON.parse(calls()[0]?.body ?? "")).toMatchObject({ minPrice: 3241, maxPrice: 5000, itemCount: 10 });
    const japan = setup("3.3", [{ status: 200, body: { searchResult: { items: [] } } }]);
    await japan.client.search?.({ marketplace: "www.amazon.co.jp", ...search, minPrice: "299" }, signal);
    expect(JSON.parse(japan.calls()[0]?.body ?? "")).toMatchObject({ minPrice: 299, partnerTag: "tag-22" });
  });

  it("asks for one page of variations and takes a 404 for none", async () => {
    const { client, calls } = setup("3.1", [
      { status: 404, body: { type: "ResourceNotFoundException", message: "none" } },
    ]);
    const answer = await client.fetchVariations?.({ marketplace: US, asin: A, page: 3 }, signal);
    expect(answer).toMatchObject({ variants: [], pages: 0 });
    expect(JSON.parse(calls()[0]?.body ?? "")).toMatchObject({ asin: A, variationPage: 3, variationCount: 10 });
  });
});

describe("offers", () => {
  it("prefers a new offer to a used one in the buy box", async () => {
    const used = { isBuyBoxWinner: true, condition: { value: "Used" }, price: money(5) };
    const fresh = { condition: { value: "New" }, price: money(9.5), availability: { type: "IN_STOCK" } };
    expect(await fieldsFor([used, fresh])).toMatchObject({ current_price: "9.50", condition: "New" });
    const alone = await fieldsFor([used]);
    expect(alone.current_price).toBeUndefined();
    expect(alone.availability_type).toBeUndefined();
  });

  it("prefers the buy box and a single order to a subscription", async () => {
    const subscription = {
      type: "SUBSCRIBE_AND_SAVE",
      condition: { value: "New" },
      isBuyBoxWinner: true,
      price: money(8),
    };
    const other = { condition: { value: "New" }, price: money(11) };
    const winner = { condition: { value: "New" }, isBuyBoxWinner: true, price: money(10) };
    expect((await fieldsFor([subscription, other, winner])).current_price).toBe("10.00");
  });

  it.each([
    ["IN_STOCK_SCARCE", "low_stock"],
    ["PREORDER", "preorder"],
    ["LEADTIME", "backorder"],
    ["AVAILABLE_DATE", "backorder"],
    ["OUT_OF_STOCK", "out_of_stock"],
    ["UNAVAILABLE", "unavailable"],
    ["UNKNOWN", "unknown"],
    ["SOMETHING_NEW", "unknown"],
  ])("reads availability %s as %s", async (type, expected) => {
    expect((await fieldsFor([{ availability: { type } }])).availability_type).toBe(expected);
  });

  it("writes yen without decimals, and takes amounts as text", async () => {
    expect(await fieldsFor([{ price: money(299, "JPY") }], {}, "www.amazon.co.jp")).toMatchObject({
      current_price: "299",
      currency: "JPY",
    });
    expect((await fieldsFor([{ price: money("1399.9") }])).current_price).toBe("1399.90");
  });

  it.each([[-1], ["gratis"], [null]])("takes the amount %s for no price", async (amount) => {
    const fields = await fieldsFor([{ price: { money: { amount, currency: "USD" } } }]);
    expect(fields.current_price).toBeUndefined();
    expect(fields.currency).toBeUndefined();
  });

  it("drops an original price that is no higher, and works out a saving that is not given", async () => {
    expect(await fieldsFor([{ price: { ...money(10), savingBasis: money(10) } }])).toMatchObject({
      original_price: null,
      savings_amount: null,
    });
    expect(await fieldsFor([{ price: { ...money(75), savingBasis: money(100) } }])).toMatchObject({
      original_price: "100.00",
      savings_amount: "25.00",
      savings_percentage: 25,
    });
  });
});

describe("odd answers", () => {
  it("keeps an item whose attributes are of odd types, and leaves Amazon's internal categories out", async () => {
    const fields = await fieldsFor([], {
      itemInfo: { title: { displayValue: " T " }, features: { displayValues: "one" }, byLineInfo: 7 },
      images: { primary: { large: { url: "not a url" }, medium: { url: "https://x.test/m.jpg", height: "x" } } },
      browseNodeInfo: {
        browseNodes: [
          { displayName: "6e2a3c64-0c1b-4f0e-9c1d-000000000000_1" },
          { displayName: "Test node 3" },
          { contextFreeName: "Lamps" },
          null,
        ],
      },
      customerReviews: { count: "1234", starRating: { value: 4.5 } },
      detailPageURL: "javascript:alert(1)",
      parentASIN: "nonsense",
    });
    expect(fields).toMatchObject({
      title: "T",
      features: null,
      brand: null,
      image_url: "https://x.test/m.jpg",
      images: [{ url: "https://x.test/m.jpg", width: null, height: null }],
      categories: ["Lamps"],
      customer_review_count: 1234,
      star_rating: 4.5,
      detail_page_url: null,
      parent_asin: null,
    });
  });

  const answered = async (body: object, asins: readonly string[]) => {
    const answer = await setup("3.1", [{ status: 200, body }]).client.fetchProducts({ marketplace: US, asins }, signal);
    return {
      products: answer.products.map(({ asin }) => asin),
      failures: answer.failures.map(({ asin, code }) => [asin, code]),
    };
  };

  it("tells every id asked exactly once, whatever comes back", async () => {
    const body = { itemsResult: { items: [{ asin: "B000000009" }, { asin: A }, { asin: A }] }, errors: null };
    expect(await answered(body, [B, A])).toEqual({ products: [A], failures: [[B, "ItemNotFound"]] });
  });

  it.each([[{ no: "asin" }], [{ asin: 7 }], [null]])("calls an item like %j unreadable, not unknown", async (odd) => {
    const read = await answered({ itemsResult: { items: [{ asin: A }, odd] } }, [A, B]);
    expect(read).toEqual({ products: [A], failures: [[B, "UnreadableItem"]] });
  });

  it("gives an error that names no id to the ids left over, which are not unknown for it", async () => {
    const C = "B000000003";
    const body = {
      itemsResult: { items: [{ asin: A }] },
      errors: [
        { code: "InternalServerException", message: "Something went wrong." },
        { code: "ItemNotAccessible", message: `The ItemId ${C} is not accessible through the Creators API.` },
      ],
    };
    expect(await answered(body, [A, B, C])).toEqual({
      products: [A],
      failures: [
        [B, "InternalServerException"],
        [C, "ItemNotAccessible"],
      ],
    });
  });

  it.each([
    [{ status: 200, body: "<html>" }, "UnreadableAnswer", "retriable"],
    [{ status: 200, body: { hello: 1 } }, "UnreadableAnswer", "retriable"],
    [{ status: 404, body: "<html>" }, "Http404", "retriable"],
    [{ status: 503, body: "busy" }, "ServiceUnavailable", "retriable"],
    [{ status: 500, body: { type: "AccessDeniedException" } }, "ServiceUnavailable", "retriable"],
    [{ status: 403, body: "" }, "AccessDeniedException", "critical"],
    [{ status: 401, body: { type: "UnauthorizedException", reason: "InvalidIssuer" } }, "InvalidIssuer", "critical"],
    [{ status: 401, body: { type: "UnauthorizedException", reason: "Other" } }, "UnauthorizedException", "critical"],
    [
      { status: 400, body: { type: "ValidationException", reason: "InvalidAssociate" } },
      "InvalidAssociate",
      "critical",
    ],
    [
      {
        status: 400,
        body: { type: "ValidationException", reason: "FieldValidationFailed", fieldList: [{ name: "itemIds" }] },
      },
      "FieldValidationFailed",
      "permanent",
    ],
    [{ status: 429, body: "", headers: { "retry-after": "7" } }, "ThrottleException", "throttled"],
  ])("reads %j as %s", async (reply, code, failureClass) => {
    const error = await errorFrom(reply);
    expect({ code: error.code, failureClass: error.failureClass }).toEqual({ code, failureClass });
    if (reply.status === 429) expect(error.signals).toEqual({ retryAfterMs: 7_000 });
  });

  it("says in plain words why a probe failed and what to do", async () => {
    const { client } = setup("3.1", [{ status: 403, body: { reason: "AssociateNotEligible" } }]);
    const report = await descriptor.probe(client, US);
    expect(report.ok).toBe(false);
    expect(report.reason).toContain("10 qualified sales");
    expect(report.next_step).not.toBe("");
    expect(await descriptor.probe(setup().client, US)).toMatchObject({ ok: true, next_step: "" });
  });
});

describe("the secret", () => {
  it("names shops in any form and refuses unknown ones and versions", () => {
    const good = { account: "a", credential_version: "2.1", client_id: "i", client_secret: "s" };
    const parsed = CreatorsApiSecretSchema.parse({ ...good, partner_tags: { de: "x-21", "www.amazon.com": "y-20" } });
    expect(parsed.partner_tags).toEqual({ "www.amazon.de": "x-21", "www.amazon.com": "y-20" });
    expect(CreatorsApiSecretSchema.parse(parsed)).toEqual(parsed);
    expect(CreatorsApiSecretSchema.safeParse({ ...good, partner_tags: { mars: "x" } }).success).toBe(false);
    expect(
      CreatorsApiSecretSchema.safeParse({ ...good, credential_version: "4.0", partner_tags: { de: "x" } }).success,
    ).toBe(false);
  });
});
