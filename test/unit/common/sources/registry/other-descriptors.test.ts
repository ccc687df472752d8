import { describe, expect, it } from "vitest";
import { findMarketplace, MARKETPLACES } from "../../../../../lambdas/common/core/products/marketplaces.ts";
import type { SourceId } from "../../../../../lambdas/common/core/source-ids.ts";
import { KEEPA_FAILURES } from "../../../../../lambdas/common/core/sources/known/keepa/failure-codes.ts";
import { PAAPI_FAILURES } from "../../../../../lambdas/common/core/sources/known/paapi/failure-codes.ts";
import { PRODUCT_PAGE_FAILURES } from "../../../../../lambdas/common/core/sources/known/product-page/failure-codes.ts";
import { SP_API_FAILURES } from "../../../../../lambdas/common/core/sources/known/sp-api/failure-codes.ts";
import type { SourceClient } from "../../../../../lambdas/common/core/sources/source-client.ts";
import { SourceError } from "../../../../../lambdas/common/core/sources/source-error.ts";
import { descriptor as keepa } from "../../../../../lambdas/common/sources/keepa/descriptor.ts";
import { explain as explainKeepa } from "../../../../../lambdas/common/sources/keepa/explain.ts";
import { descriptor as paapi } from "../../../../../lambdas/common/sources/paapi/descriptor.ts";
import { explain as explainPaapi } from "../../../../../lambdas/common/sources/paapi/explain.ts";
import { descriptor as page } from "../../../../../lambdas/common/sources/product-page/descriptor.ts";
import { explain as explainPage } from "../../../../../lambdas/common/sources/product-page/explain.ts";
import { descriptor as sample } from "../../../../../lambdas/common/sources/sample-data/descriptor.ts";
import { descriptor as spApi } from "../../../../../lambdas/common/sources/sp-api/descriptor.ts";
import { explain as explainSpApi } from "../../../../../lambdas/common/sources/sp-api/explain.ts";

const ALL = [keepa, paapi, spApi, page, sample];
const refusing = (source: SourceId, code: string): SourceClient => ({
  fetchProducts: () =>
    Promise.reject(new SourceError(source, { code, status: 400, failureClass: "critical", message: "x" })),
});

describe("descriptors", () => {
  it.each([
    ["keepa", keepa, 100, 0.85, 1800],
    ["sp-api", spApi, 20, 0.9, 1800],
    ["paapi", paapi, 10, 0.95, 3600],
    ["product-page", page, 1, 0.75, 1800],
    ["sample-data", sample, 100, 0, 1800],
  ])(
    "of %s say how much a call carries, how far to trust it and for how long",
    (id, descriptor, ids, accuracy, ttl) => {
      expect([descriptor.id, descriptor.operations[0]?.idsPerCall, descriptor.accuracy, descriptor.cacheTtl]).toEqual([
        id,
        ids,
        accuracy,
        ttl,
      ]);
    },
  );

  it("name only shops that exist, and Keepa only its own eleven", () => {
    for (const { marketplaces } of ALL)
      expect(marketplaces.every((code) => findMarketplace(code)?.code === code)).toBe(true);
    expect(keepa.marketplaces).toHaveLength(11);
    expect(paapi.marketplaces).toHaveLength(MARKETPLACES.length);
  });

  it("cost a Keepa token a product and ten a search", () => {
    expect(keepa.operations.map((operation) => operation.cost(7))).toEqual([7, 10, 1]);
    expect(paapi.operations.map((operation) => operation.cost(7))).toEqual([1, 1, 1]);
  });

  it("keep SP-API's offers under a limit of their own", () => {
    const [catalog, offers] = spApi.operations;
    expect([catalog?.limitKey, spApi.defaultLimits.callsPerSecond]).toEqual([null, 2]);
    expect([offers?.limitKey, offers?.callsPerSecond, offers?.idsPerCall]).toEqual(["item-offers", 0.1, 20]);
  });

  it("hold product pages to one in 20 seconds", () => expect(1 / page.defaultLimits.callsPerSecond).toBe(20));
});

describe("secrets", () => {
  it("have the documented shapes", () => {
    expect(keepa.secretSchema?.parse({ key: " abc " })).toEqual({ key: "abc" });
    expect(
      paapi.secretSchema?.parse({ access_key: "a", secret_key: "b", partner_tags: { "www.amazon.de": "x-21" } }),
    ).toBeTruthy();
    expect(
      spApi.secretSchema?.parse({ client_id: "a", client_secret: "b", refresh_token: "c", region: "EU" }).region,
    ).toBe("eu");
    expect([page.secretSchema, sample.secretSchema]).toEqual([null, null]);
  });

  it.each([
    [keepa, { key: "" }],
    [paapi, { access_key: "a", secret_key: "b" }],
    [paapi, { access_key: "a", secret_key: "b", partner_tags: { mars: "x-21" } }],
    [spApi, { client_id: "a", client_secret: "b", refresh_token: "c", region: "mars" }],
  ])("that are incomplete are refused (%#)", (descriptor, secret) => {
    expect(descriptor.secretSchema?.safeParse(secret).success).toBe(false);
  });

  it("name their account without giving themselves away", () => {
    const account = keepa.account({ key: "super-secret" });
    expect(account).toMatch(/^[0-9a-f]{12}$/);
    expect(keepa.account({ key: "super-secret" })).toBe(account);
    expect(keepa.account({ key: "another" })).not.toBe(account);
    const secret = { access_key: "AKIA", secret_key: "s", partner_tags: {} };
    expect(paapi.account(secret)).not.toContain("AKIA");
  });
});

describe("probes", () => {
  it("say that all is well", async () => {
    const answering: SourceClient = {
      fetchProducts: async () => ({ products: [], failures: [], raw: "", signals: {} }),
    };
    for (const descriptor of ALL) {
      expect(await descriptor.probe(answering, "www.amazon.com")).toEqual({
        ok: true,
        reason: expect.stringMatching(/\.$/),
        next_step: "",
      });
    }
  });

  it.each([
    [keepa, "InvalidKey", /key/, /credentials set keepa/],
    [keepa, "NotEnoughTokens", /tokens .* used up/, /Wait/],
    [keepa, "MarketplaceNotServed", /shop/, /another source/],
    [paapi, "TooManyRequests", /48 hours.*no sales/, /check recent sales/],
    [paapi, "InvalidPartnerTag", /tag/, /credentials set paapi/],
    [paapi, "InvalidAssociate", /shop/, /Associates/],
    [paapi, "InvalidSignature", /secret key/, /Copy the whole/],
    [paapi, "NetworkError", /retired/, /creators-api/],
    [spApi, "invalid_grant", /refresh token/, /Authorise/],
    [spApi, "Unauthorized", /role/, /Seller Central/],
    [spApi, "MarketplaceNotServed", /region/, /region/],
    [page, "Captcha", /robot/, /APIs or Keepa/],
    [page, "RobotsDisallowed", /robots\.txt/, /APIs or Keepa/],
    [keepa, "SomethingNew", /unknown/, /Wait/],
  ])("say in words what is wrong and what to do (%#: %s)", async (descriptor, code, reason, nextStep) => {
    const report = await descriptor.probe(refusing(descriptor.id, code), "www.amazon.com");
    expect(report).toEqual({
      ok: false,
      reason: expect.stringMatching(reason),
      next_step: expect.stringMatching(nextStep),
    });
  });

  it.each([
    [KEEPA_FAILURES, explainKeepa],
    [PAAPI_FAILURES, explainPaapi],
    [SP_API_FAILURES, explainSpApi],
    [PRODUCT_PAGE_FAILURES, explainPage],
  ])("have words of their own for every code of the table (%#)", (table, explain) => {
    const unknown = explain("no such code").reason;
    const wordless = Object.keys(table).filter((code) => explain(code).reason === unknown);
    expect(wordless).toEqual([]);
  });

  it("let what is no answer of the source through", async () => {
    const broken: SourceClient = { fetchProducts: () => Promise.reject(new Error("a bug")) };
    await expect(keepa.probe(broken, "www.amazon.com")).rejects.toThrow("a bug");
  });
});
