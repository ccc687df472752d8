import { describe, expect, it } from "vitest";
import { CreatorsApiSecretSchema } from "../../../../../lambdas/common/core/sources/known/creators-api/secret.ts";
import { SourceError } from "../../../../../lambdas/common/core/sources/source-error.ts";
import { A, setup, signal, US } from "./client-rig.ts";

const B = "B08N5WRWNW";

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
