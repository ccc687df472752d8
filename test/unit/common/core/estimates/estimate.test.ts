import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type EstimateSource, estimateRun } from "../../../../../lambdas/common/core/estimates/estimate.ts";
import { MARKETPLACES } from "../../../../../lambdas/common/core/products/marketplaces.ts";
import { testSeed } from "../../../../helpers/test-seed.ts";

const NOW = Date.UTC(2026, 7, 1);
const US = "www.amazon.com";
const SEED = testSeed("estimate", 20_260_801);
const source = (changes: Partial<EstimateSource> = {}): EstimateSource => ({
  id: "creators-api",
  idsPerCall: 10,
  cost: () => 1,
  callsPerSecond: 1,
  unitsPerDay: 8640,
  leftToday: 8640,
  blockedUntilMs: null,
  marketplaces: MARKETPLACES.map((place) => place.code),
  ...changes,
});
const keepa = (changes: Partial<EstimateSource> = {}) =>
  source({ id: "keepa", idsPerCall: 100, cost: (ids) => ids, unitsPerDay: null, leftToday: null, ...changes });
const estimate = (products: number, fresh: number, sources: EstimateSource[]) =>
  estimateRun({
    segments: [{ marketplace: US, products, fresh }],
    sources,
    batches: Math.ceil(products / 20),
    nowMs: NOW,
  });

describe("estimateRun", () => {
  it("needs a tenth of the products in calls, at the source's pace", () => {
    expect(estimate(500, 0, [source()])).toMatchObject({
      calls: { "creators-api": 50 },
      seconds: 53,
      finishes_at: "2026-08-01T00:00:53.000Z",
      day_share: 0.0058,
      keepa_tokens: 0,
    });
  });

  it("counts calls per shop, because one call asks one shop", () => {
    const segments = [US, "www.amazon.de"].map((marketplace) => ({ marketplace, products: 15, fresh: 0 }));
    expect(estimateRun({ segments, sources: [source()], batches: 2, nowMs: NOW })?.calls).toEqual({
      "creators-api": 4,
    });
  });

  it("adds the calls for prices where they are an operation of their own, at that one's pace", () => {
    const offers = { idsPerCall: 20, callsPerSecond: 0.1 };
    const spApi = source({ id: "sp-api", idsPerCall: 20, callsPerSecond: 2, unitsPerDay: null, offers });
    const result = estimate(8_255, 0, [{ ...spApi, leftToday: null }]);
    expect(result?.calls).toEqual({ "sp-api": 826 });
    expect(result?.seconds).toBe(Math.ceil(413 * 10 * 1.05));
  });

  it("adds a call a product for variations, at the first source that lists them, and lets the rest wait a day", () => {
    const segments = [{ marketplace: US, products: 1_000, fresh: 0 }];
    const ask = (sources: EstimateSource[], includeVariations: boolean) =>
      estimateRun({ segments, sources, batches: 50, includeVariations, nowMs: NOW });
    const lister = source({ listsVariations: true });
    expect(ask([lister], false)?.calls).toEqual({ "creators-api": 100 });
    expect(ask([lister], true)).toMatchObject({ calls: { "creators-api": 1_100 }, day_share: 0.1274, seconds: 1_155 });
    expect(ask([keepa(), lister], true)?.calls).toEqual({ keepa: 10, "creators-api": 1_000 });
    const scarce = ask([source({ listsVariations: true, leftToday: 600 })], true);
    expect(scarce?.seconds).toBeGreaterThan(86_400);
  });

  it("makes no call for what is fresh", () => {
    expect(estimate(100, 100, [source()])).toMatchObject({ calls: {}, fresh: 100, seconds: 0, day_share: null });
  });

  it("lets the next source take what the first has no allowance for today", () => {
    expect(estimate(500, 0, [source({ leftToday: 20 }), keepa()])).toMatchObject({
      calls: { "creators-api": 20, keepa: 3 },
      keepa_tokens: 300,
    });
  });

  it("waits for the next day when nobody has allowance left", () => {
    const result = estimate(500, 0, [source({ leftToday: 20, unitsPerDay: 100 })]);
    expect(result).toMatchObject({ calls: { "creators-api": 50 }, seconds: 86_432, day_share: 0.5 });
  });

  it("needs days for a million products: 11.6 at 86,400 a day", () => {
    const result = estimate(1_000_000, 0, [source()]);
    expect(result?.calls).toEqual({ "creators-api": 100_000 });
    expect((result?.seconds ?? 0) / 86_400).toBeGreaterThan(11);
    expect((result?.seconds ?? 0) / 86_400).toBeLessThan(12.6);
  });

  it("starts when the source may be called again", () => {
    expect(estimate(10, 0, [source({ blockedUntilMs: NOW + 60_000 })])?.seconds).toBe(62);
  });

  it("says nothing when no source serves the shop", () => {
    expect(estimate(10, 0, [])).toBeNull();
    expect(estimate(10, 0, [source({ marketplaces: ["www.amazon.de"] })])).toBeNull();
  });

  it("costs less than a cent for a thousand products, and more for more", () => {
    const thousand = Number(estimate(1000, 0, [source()])?.usd);
    expect(thousand).toBeGreaterThan(0.001);
    expect(thousand).toBeLessThan(0.01);
    expect(Number(estimate(2000, 0, [source()])?.usd)).toBeGreaterThan(thousand);
  });

  it("always has calls for every product that is not fresh", () => {
    const Sources = fc.array(
      fc.record({ left: fc.integer({ min: 0, max: 50 }), ids: fc.constantFrom(1, 10, 20, 100) }),
      { minLength: 1, maxLength: 3 },
    );
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 3000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        Sources,
        (products, share, list) => {
          const ids = ["creators-api", "paapi", "sp-api"] as const;
          const sources = list.map(({ left, ids: per }, index) =>
            source({ id: ids[index] ?? "keepa", leftToday: left, unitsPerDay: 50, idsPerCall: per }),
          );
          const fresh = Math.floor(products * share);
          const result = estimate(products, fresh, sources);
          const capacity = sources.reduce((sum, one) => sum + (result?.calls[one.id] ?? 0) * one.idsPerCall, 0);
          expect(capacity).toBeGreaterThanOrEqual(products - fresh);
        },
      ),
      { seed: SEED },
    );
  });
});
