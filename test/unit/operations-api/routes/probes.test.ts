import { describe, expect, it } from "vitest";
import { usageOf } from "../../../../lambdas/common/core/sources/analytics/source-usage.ts";
import type { Deps } from "../../../../lambdas/operations-api/deps.ts";
import { person } from "../../../helpers/access/callers.ts";
import { operationsApi, signedIn } from "../operations-world.ts";

describe("POST /operations/probes", () => {
  const operator = person("op", "operators");
  const found = {
    source: "keepa" as const,
    state: "ok" as const,
    ok: true,
    reason: "Keepa accepts the key and answers.",
    next_step: "",
    marketplace: "www.amazon.de",
    checks: [{ name: "one call" as const, ok: true, detail: "It answered." }],
  };

  it("is for operators alone, and asks nothing for anybody else", async () => {
    const asked: unknown[] = [];
    const checkSource: Deps["checkSource"] = async (...args) => {
      asked.push(args);
      return found;
    };
    const { post } = operationsApi({ checkSource });
    expect((await post("/operations/probes", { source: "keepa" })).status).toBe(401);
    expect(await post("/operations/probes", { source: "keepa" }, signedIn)).toMatchObject({
      status: 403,
      body: { code: "forbidden" },
    });
    expect(asked).toEqual([]);
    const answer = await post("/operations/probes", { source: "keepa", marketplace: "DE" }, operator);
    expect(answer).toEqual({ status: 200, body: found });
    expect(asked).toEqual([["keepa", "www.amazon.de"]]);
  });

  it.each([{ source: "ebay" }, {}, { source: "keepa", marketplace: "mars" }, { source: "keepa", key: "x" }])(
    "refuses %j",
    async (body) => {
      const checkSource = async () => {
        throw new Error("must not be asked");
      };
      expect((await operationsApi({ checkSource }).post("/operations/probes", body, operator)).status).toBe(400);
    },
  );

  it("says how to enable a source that the stage does not have", async () => {
    const answer = await operationsApi().post("/operations/probes", { source: "keepa" }, operator);
    expect(answer).toMatchObject({ status: 409, body: { code: "source_not_enabled" } });
    expect(answer.body.detail).toContain("cdk.json");
  });
});

describe("GET /analytics/data-sources", () => {
  it("gives the design's figures and asks for 24 hours unless told otherwise", async () => {
    const asked: number[] = [];
    const readUsage: Deps["readUsage"] = async (hours) => {
      asked.push(hours);
      return [
        usageOf("creators-api", [
          { outcome: "success", latencyMs: 100 },
          { outcome: "success", latencyMs: 200 },
          { outcome: "throttled", code: "ThrottleException", latencyMs: 20 },
          { outcome: "failed", code: "Timeout", latencyMs: 480 },
        ]),
        usageOf("keepa", []),
      ];
    };
    const readCacheUsage = async () => ({ lookups: 8, hits: 2 });
    const { get } = operationsApi({ readUsage, readCacheUsage, countProducts: async () => 1234 });
    expect((await get("/analytics/data-sources")).status).toBe(401);
    const { body } = await get("/analytics/data-sources", signedIn);
    expect(body).toEqual({
      data_sources: {
        "creators-api": {
          total_requests: 4,
          success_rate: 0.5,
          average_response_time: 200,
          p95_response_time: 500,
          throttled: 1,
          failures_by_code: { ThrottleException: 1, Timeout: 1 },
        },
        keepa: {
          total_requests: 0,
          success_rate: null,
          average_response_time: null,
          p95_response_time: null,
          throttled: 0,
          failures_by_code: {},
        },
      },
      cache_size: 1234,
      cache_hit_rate: 0.25,
      recommendations: [],
      timestamp: "2026-08-01T12:00:00.000Z",
    });
    await get("/analytics/data-sources?hours=720", signedIn);
    expect(asked).toEqual([24, 720]);
  });

  it.each(["0", "721", "x", "1.5"])("refuses hours=%s", async (hours) => {
    expect((await operationsApi().get(`/analytics/data-sources?hours=${hours}`, signedIn)).status).toBe(400);
  });
});
