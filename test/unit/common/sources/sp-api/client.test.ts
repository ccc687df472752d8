import { describe, expect, it } from "vitest";
import { createSpApiClient } from "../../../../../lambdas/common/sources/sp-api/client.ts";
import { type FakeReply, NOW, patient } from "../../../../helpers/source-context.ts";
import { client, failure, found, isToken, item, US, US_ID } from "./client-rig.ts";

const A = "B000000001";
const B = "B000000002";

describe("credentials that Login with Amazon refuses", () => {
  it("are not tried again for a minute", async () => {
    const made = client(() => ({ body: found() }), { status: 400, body: { error: "invalid_grant" } });
    const attempt = () => failure(made.sp.fetchProducts({ marketplace: US, asins: [A] }, patient()));
    const first = await attempt();
    expect(first.failureClass).toBe("critical");
    expect(await attempt()).toBe(first);
    made.advance(59_999);
    await attempt();
    expect(made.requests).toHaveLength(1);
    made.advance(1);
    await attempt();
    expect(made.requests).toHaveLength(2);
  });

  it("are tried again at once after a failure that may pass", async () => {
    const made = client(() => ({ body: found() }), { status: 500 });
    const attempt = () => failure(made.sp.fetchProducts({ marketplace: US, asins: [A] }, patient()));
    expect((await attempt()).failureClass).toBe("retriable");
    await attempt();
    expect(made.requests).toHaveLength(2);
  });
});

describe("an SP-API catalog call", () => {
  it("asks for 20 identifiers on one page of 20", async () => {
    const { sp, requests } = client(() => ({ body: found(item(B, "b"), item(A, "a")) }));
    const answer = await sp.fetchProducts({ marketplace: US, asins: [A, B] }, patient());
    const call = requests[1];
    expect(call?.url.host).toBe("sellingpartnerapi-na.amazon.com");
    expect(call?.url.pathname).toBe("/catalog/2022-04-01/items");
    expect(Object.fromEntries(call?.url.searchParams ?? [])).toEqual({
      marketplaceIds: US_ID,
      identifiers: `${A},${B}`,
      identifiersType: "ASIN",
      pageSize: "20",
      includedData: "summaries,images,relationships,classifications,attributes",
    });
    expect(call?.headers.get("x-amz-access-token")).toBe("Atza|1");
    expect(call?.headers.get("x-amz-date")).toBe("20261123T120000Z");
    expect(answer.products.map(({ asin, fields }) => [asin, fields.title])).toEqual([
      [A, "a"],
      [B, "b"],
    ]);
  });

  it("screens malformed ids, which would fail the whole batch, and accounts for each id once", async () => {
    const { sp, requests } = client(() => ({ body: found(item(A, "a")) }));
    const answer = await sp.fetchProducts({ marketplace: US, asins: ["b0bad", A, "B0TOOLONG12", B] }, patient());
    expect(requests[1]?.url.searchParams.get("identifiers")).toBe(`${A},${B}`);
    expect(answer.products.map(({ asin }) => asin)).toEqual([A]);
    expect(answer.failures.map(({ asin, code }) => [asin, code])).toEqual([
      ["b0bad", "InvalidAsin"],
      ["B0TOOLONG12", "InvalidAsin"],
      [B, "NOT_FOUND"],
    ]);
  });

  it("makes no call when every id is malformed", async () => {
    const { sp, requests } = client(() => ({ status: 500 }));
    const answer = await sp.fetchProducts({ marketplace: US, asins: ["nonsense"] }, patient());
    expect(requests).toEqual([]);
    expect(answer.failures).toHaveLength(1);
  });

  it("fetches one token for many calls and shares it by the cache", async () => {
    const { sp, requests, tokens } = client(() => ({ body: found() }));
    await sp.fetchProducts({ marketplace: US, asins: [A] }, patient());
    await sp.fetchProducts({ marketplace: US, asins: [B] }, patient());
    expect(requests.filter(isToken)).toHaveLength(1);
    expect(Object.fromEntries(new URLSearchParams(requests[0]?.body))).toEqual({
      grant_type: "refresh_token",
      client_id: "id",
      client_secret: "shh",
      refresh_token: "Atzr|1",
    });
    expect([...tokens.keys()].join()).not.toMatch(/shh|Atzr/);
  });

  it("passes the announced rate on", async () => {
    const { sp } = client(() => ({ body: found(), headers: { "x-amzn-RateLimit-Limit": "5.0" } }));
    expect((await sp.fetchProducts({ marketplace: US, asins: [A] }, patient())).signals).toEqual({
      ratePerSecond: 5,
    });
  });

  it.each([
    ["eu", "www.amazon.de", "sellingpartnerapi-eu.amazon.com"],
    ["fe", "www.amazon.co.jp", "sellingpartnerapi-fe.amazon.com"],
  ])("goes to the host of region %s", async (region, marketplace, host) => {
    const { sp, requests } = client(() => ({ body: found() }), undefined, region);
    await sp.fetchProducts({ marketplace, asins: [A] }, patient());
    expect(requests[1]?.url.host).toBe(host);
  });

  it("refuses shops of another region without a call", async () => {
    const { sp, requests } = client(() => ({ body: found() }));
    const error = await failure(sp.fetchProducts({ marketplace: "www.amazon.de", asins: [A] }, patient()));
    expect([error.code, error.failureClass, requests.length]).toEqual(["MarketplaceNotServed", "permanent", 0]);
  });
});

describe("an SP-API failure", () => {
  const body = (code: string, message = "m", details = ""): object => ({ errors: [{ code, message, details }] });
  const call = (reply: FakeReply, token?: FakeReply) =>
    failure(client(() => reply, token).sp.fetchProducts({ marketplace: US, asins: [A] }, patient()));

  it.each([
    [400, body("InvalidInput"), "InvalidInput", "permanent"],
    [401, "", "AccessTokenExpired", "retriable"],
    [403, body("Unauthorized"), "Unauthorized", "critical"],
    [404, body("NOT_FOUND"), "NOT_FOUND", "not_found"],
    [429, body("QuotaExceeded"), "QuotaExceeded", "throttled"],
    [429, {}, "QuotaExceeded", "throttled"],
    [500, body("InternalFailure"), "InternalFailure", "retriable"],
    [503, "", "ServiceUnavailable", "retriable"],
    [200, "<html>", "UnreadableAnswer", "retriable"],
  ])("of status %i with %j is %s, %s", async (status, reply, code, failureClass) => {
    const error = await call({ status, body: reply });
    expect([error.code, error.failureClass, error.status]).toEqual([code, failureClass, status]);
  });

  it("of a throttle keeps the limit and the pause", async () => {
    const headers = { "x-amzn-ratelimit-limit": "0.5", "retry-after": "3" };
    const error = await call({ status: 429, body: body("QuotaExceeded"), headers });
    expect(error.signals).toEqual({ ratePerSecond: 0.5, retryAfterMs: 3000 });
  });

  it.each(["has expired", "is revoked, malformed or invalid"])(
    "of a token that %s drops it, so that the next call has a new one",
    async (said) => {
      let calls = 0;
      const { sp, requests } = client(() => {
        calls += 1;
        const refused = body("Unauthorized", "Access denied", `The access token you provided ${said}.`);
        return calls === 1 ? { status: 403, body: refused } : { body: found(item(A, "a")) };
      });
      const error = await failure(sp.fetchProducts({ marketplace: US, asins: [A] }, patient()));
      expect(error).toMatchObject({ code: "AccessTokenExpired", failureClass: "retriable", tokenRefused: true });
      const answer = await sp.fetchProducts({ marketplace: US, asins: [A] }, patient());
      expect(answer.products).toHaveLength(1);
      expect(requests.filter(isToken)).toHaveLength(2);
    },
  );

  it("of a token leaves one alone that another instance has fetched meanwhile", async () => {
    const made = client(() => {
      for (const key of made.tokens.keys()) made.tokens.set(key, "Atza|renewed");
      return { status: 403, body: body("Unauthorized", "The access token you provided has expired.") };
    });
    await failure(made.sp.fetchProducts({ marketplace: US, asins: [A] }, patient()));
    expect([...made.tokens.values()]).toEqual(["Atza|renewed"]);
  });

  it("of access, not of the token, keeps the token: a new one would change nothing", async () => {
    const denied = body("Unauthorized", "Access to requested resource is denied.");
    const made = client(() => ({ status: 403, body: denied }));
    const error = await failure(made.sp.fetchProducts({ marketplace: US, asins: [A] }, patient()));
    expect(error).toMatchObject({ code: "Unauthorized", failureClass: "critical", tokenRefused: false });
    expect(made.tokens.size).toBe(1);
  });

  it.each([429, 503])("of the token service with %i keeps the pause that it asks for", async (status) => {
    const error = await call({ body: found() }, { status, body: {}, headers: { "retry-after": "120" } });
    expect(error.signals).toEqual({ retryAfterMs: 120_000 });
  });

  it.each([
    [400, { error: "invalid_grant", error_description: "expired" }, "invalid_grant", "critical"],
    [401, { error: "invalid_client" }, "invalid_client", "critical"],
    [400, { error: "invalid_request" }, "invalid_request", "critical"],
    [429, {}, "QuotaExceeded", "throttled"],
    [500, "", "InternalFailure", "retriable"],
    [200, {}, "UnreadableAnswer", "retriable"],
  ])("of the token service with %i %j is %s, %s", async (status, token, code, failureClass) => {
    const error = await call({ body: found() }, { status, body: token });
    expect([error.code, error.failureClass]).toEqual([code, failureClass]);
  });
});

it("a token is kept until it ends", async () => {
  const { sp, context } = client(() => ({ body: found() }));
  const kept: number[] = [];
  const spied = createSpApiClient({
    ...context,
    tokens: { ...context.tokens, put: async (_key, _token, until) => void kept.push(until) },
  });
  await spied.fetchProducts({ marketplace: US, asins: [A] }, patient());
  expect(kept).toEqual([NOW + 3_600_000]);
  expect(sp).toBeDefined();
});
