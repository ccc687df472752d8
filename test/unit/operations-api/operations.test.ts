import { describe, expect, it } from "vitest";
import { MarketplacesSchema } from "../../../lambdas/common/core/contract/operations/marketplaces.ts";
import { limitState, sourceStatus } from "../../helpers/source-status.ts";
import { operationsApi, signedIn } from "./operations-world.ts";

describe("GET /health", () => {
  it("is ok without a token when everything answers", async () => {
    const { status, body } = await operationsApi().get("/health");
    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: "ok",
      components: { database: { status: "ok" }, queue: { status: "ok" }, sources: { "creators-api": "ok" } },
    });
  });

  it.each([
    ["no credentials", sourceStatus({ id: "keepa", state: null }), "not_configured"],
    [
      "an open breaker",
      sourceStatus({ id: "keepa", state: limitState({ breaker: "open", blockedReason: "circuit-open" }) }),
      "circuit_open",
    ],
  ])("is degraded with %s, but answers 200", async (_, source, word) => {
    const { status, body } = await operationsApi({ readSourceStatuses: async () => [source] }).get("/health");
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: "degraded", components: { sources: { keepa: word } } });
  });

  it("is ok when sources without credentials have company that has them", async () => {
    const readSourceStatuses = async () => [
      sourceStatus({ id: "creators-api" }),
      sourceStatus({ id: "sp-api", state: null }),
    ];
    expect((await operationsApi({ readSourceStatuses }).get("/health")).body).toMatchObject({ status: "ok" });
  });

  it.each(["pingDatabase", "pingQueue"] as const)("is down with 503 when %s fails", async (name) => {
    const failing = async () => {
      throw new Error("secret host name");
    };
    const { status, body, response } = await operationsApi({ [name]: failing }).get("/health");
    expect(status).toBe(503);
    expect(body).toMatchObject({ status: "down" });
    expect(await response.text()).not.toContain("secret host name");
  });

  it("is degraded, not broken, when the sources cannot be read", async () => {
    const readSourceStatuses = async () => {
      throw new Error("no");
    };
    const { status, body } = await operationsApi({ readSourceStatuses }).get("/health");
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: "degraded", components: { sources: null } });
  });
});

it("GET /config answers the public settings without a token", async () => {
  expect((await operationsApi().get("/config")).body).toMatchObject({
    stage: "dev",
    web_socket_url: "wss://live.invalid/live",
    simulated: false,
    default_marketplace: "www.amazon.com",
    notices: [{ id: "prices" }, { id: "content" }, { id: "associate" }],
  });
});

describe("GET /marketplaces", () => {
  it("needs a caller", async () => {
    expect((await operationsApi().get("/marketplaces")).status).toBe(401);
  });

  it("gives every shop with its currency and what a site about it must say", async () => {
    const { status, body } = await operationsApi().get("/marketplaces", signedIn);
    expect(status).toBe(200);
    expect(body).toMatchObject({ default_marketplace: "www.amazon.com" });
    const { items } = MarketplacesSchema.parse(body);
    expect(items).toHaveLength(22);
    const japan = items.find(({ country }) => country === "JP");
    expect(japan).toMatchObject({ currency: "JPY", currency_digits: 0, language: "ja" });
    expect(japan?.notices.map(({ translation }) => translation)).toEqual([true, false, true, false, true, false]);
  });
});

describe("GET /quota", () => {
  it("needs a caller", async () => {
    expect((await operationsApi().get("/quota")).status).toBe(401);
  });

  it("says per source what is left and what to do", async () => {
    const readSourceStatuses = async () => [
      sourceStatus({ id: "creators-api", state: limitState({ usedToday: 8600, leftToday: 40 }) }),
      sourceStatus({ id: "keepa", state: null }),
    ];
    const { body } = await operationsApi({ readSourceStatuses }).get("/quota", signedIn);
    expect(body.sources).toMatchObject([
      { source: "creators-api", state: "ok", used_today: 8600, left_today: 40, products_still_servable_today: 400 },
      {
        source: "keepa",
        state: "not_configured",
        products_still_servable_today: 0,
        next_step: expect.stringContaining("enrichline credentials set keepa"),
      },
    ]);
  });

  it("explains a pause in the source's own words, not in the upstream's", async () => {
    const state = limitState({
      breaker: "open",
      blockedUntilMs: Date.UTC(2100, 0, 1),
      blockedReason: "paused",
      blockedDetail: "Your account does not currently meet the",
      pauseCode: "AssociateNotEligible",
    });
    const readSourceStatuses = async () => [sourceStatus({ id: "creators-api", state })];
    const { body } = await operationsApi({ readSourceStatuses }).get("/quota", signedIn);
    expect(body.sources).toMatchObject([{ state: "paused", reason: expect.stringContaining("10 qualified sales") }]);
    expect(body.sources[0].next_step).toContain("Wait for sales");
    expect(body.sources[0].next_step).not.toContain("credentials set");
  });
});

describe("the API's own description", () => {
  it("is served as OpenAPI 3.1", async () => {
    const { body } = await operationsApi().get("/openapi.json");
    expect(body.openapi).toBe("3.1.0");
    expect(Object.keys(body.paths)).toContain("/api/v1/catalogs/{id}/status");
  });

  it("is a page that loads nothing from elsewhere and runs no script", async () => {
    const { response } = await operationsApi().get("/docs");
    expect(response.headers.get("content-type")).toContain("text/html");
    expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
    const html = await response.text();
    expect(html).toContain("/catalogs/{id}/products");
    expect(html).not.toMatch(/<script|<link|<img|<iframe|\ssrc=|\son[a-z]+=|url\(|@import|javascript:/i);
    expect(html).not.toMatch(/href="(?!#|openapi\.json")/);
  });
});

it("an address that does not exist is a 404 problem", async () => {
  const { status, body, response } = await operationsApi().get("/nothing");
  expect(status).toBe(404);
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  expect(body).toMatchObject({ code: "not_found", correlation_id: "correlation-1" });
});

describe("an address that the API does not have", () => {
  const unrouted = { event: { routeKey: "$default" } };

  it.each([
    ["GET", "/api/v1/nope"],
    ["PUT", "/api/v1/catalogs/cat_0000000000000000/nope"],
    // Ours to our router, but nobody asked for a token.
    ["GET", "/api/v1/quota/"],
    ["POST", "/api/v1/operations/probes/"],
    ["GET", "/"],
  ])("is a 404 problem for %s %s", async (method, path) => {
    let asked = 0;
    const { app } = operationsApi({
      readSourceStatuses: async () => {
        asked += 1;
        return [];
      },
    });
    const response = await app.request(path, { method }, { event: { ...unrouted.event, ...signedIn.event } });
    expect(response.status).toBe(404);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(await response.json()).toMatchObject({
      ...{ status: 404, code: "not_found", correlation_id: "correlation-1" },
      detail: expect.stringContaining("/api/v1/docs"),
    });
    expect(asked).toBe(0);
  });

  it.each([
    ["PUT", "/api/v1/catalogs", "GET, POST"],
    ["PATCH", "/api/v1/catalogs/cat_0000000000000000", "DELETE, GET"],
    ["PUT", "/api/v1/catalogs/cat_0000000000000000/status", "GET"],
    ["POST", "/api/v1/health", "GET"],
    ["HEAD", "/api/v1/quota", "GET"],
    ["GET", "/api/v1/operations/probes", "POST"],
    ["DELETE", "/local/api/v1/exports/exp_0000000000000000", "GET"],
  ])("is a 405 problem for %s %s, which takes %s", async (method, path, allow) => {
    const { app } = operationsApi();
    const response = await app.request(path, { method }, { event: { ...unrouted.event, ...signedIn.event } });
    expect([response.status, response.headers.get("allow")]).toEqual([405, allow]);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    if (method !== "HEAD") {
      expect(await response.json()).toMatchObject({
        status: 405,
        code: "method_not_allowed",
        title: "Method Not Allowed",
      });
    }
  });

  it("lets a preflight request pass empty, for API Gateway to put the stage's CORS headers on", async () => {
    const response = await operationsApi().app.request("/api/v1/catalogs", { method: "OPTIONS" }, unrouted);
    expect(response.status).toBe(204);
    expect(await response.text()).toBe("");
  });
});
