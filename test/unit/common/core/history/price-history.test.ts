import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  MAX_SERIES_POINTS,
  type PricePoint,
  PriceSeriesSchema,
  priceSeries,
  stepsWithin,
} from "../../../../../lambdas/common/core/history/price-history.ts";
import { testRuns } from "../../../../helpers/test-runs.ts";
import { testSeed } from "../../../../helpers/test-seed.ts";

const SEED = testSeed("price series");
const MINUTE_MS = 60_000;
const pricesOf = (...points: PricePoint[]) => priceSeries("new", points).points;
const all = { fromMs: null, toMs: Number.MAX_SAFE_INTEGER };
const wild = fc.array(
  fc.tuple(
    fc.oneof(fc.integer({ min: 0, max: 50 }), fc.double(), fc.maxSafeInteger()),
    fc.oneof(fc.constant(null), fc.integer({ min: -2, max: 3 }), fc.double()),
  ),
  { maxLength: 60 },
);

describe("a series of prices", () => {
  it("has a point for each change only, in the order of time, and begins with a price", () => {
    expect(pricesOf([3, 200], [1, null], [2, 100], [4, 200], [5, null], [6, null], [7, 200])).toEqual([
      [2, 100],
      [3, 200],
      [5, null],
      [7, 200],
    ]);
  });

  it("takes the later one of two points at one minute, and leaves out what is no price", () => {
    expect(pricesOf([1, 100], [1, 300], [2, 0], [3, -1], [4, 1.5], [Number.NaN, 7], [-1, 7], [9e15, 7])).toEqual([
      [1, 300],
    ]);
  });

  it("keeps the newest points, and says that there were more", () => {
    const points = Array.from({ length: MAX_SERIES_POINTS + 3 }, (_, n): PricePoint => [n, n + 1]);
    const series = priceSeries("amazon", points);
    expect(series).toMatchObject({ has_earlier: true, points: { length: MAX_SERIES_POINTS } });
    expect(series.points[0]).toEqual([3, 4]);
    expect(priceSeries("amazon", points.slice(3)).has_earlier).toBe(false);
    const cutInGap = priceSeries(
      "amazon",
      points.map(([minute, price], n) => [minute, n === 3 ? null : price]),
    );
    expect(cutInGap.points[0]).toEqual([4, 5]);
  });

  it("can be stored whatever a source gives, and each step is another price than the one before", () => {
    fc.assert(
      fc.property(wild, (given) => {
        const series = priceSeries("buy_box", given);
        expect(PriceSeriesSchema.parse(series)).toEqual(series);
        const steps = stepsWithin(series, all, 2);
        steps.forEach(({ atMs, value }, index) => {
          const before = steps[index - 1];
          expect(value).not.toBe(before?.value ?? null);
          expect(atMs).toBeGreaterThan(before?.atMs ?? -1);
        });
      }),
      { numRuns: testRuns(300), seed: SEED },
    );
  });
});

describe("the steps within a time", () => {
  const series = priceSeries("new", [
    [10, 1_000],
    [20, null],
    [30, 2_550],
  ]);
  const within = (from: number | null, to: number, digits = 2) =>
    stepsWithin(series, { fromMs: from === null ? null : from * MINUTE_MS, toMs: to * MINUTE_MS }, digits).map(
      ({ atMs, value }) => [atMs / MINUTE_MS, value],
    );

  it("are decimal text in the shop's currency; yen have no places", () => {
    expect(within(null, 99)).toEqual([
      [10, "10.00"],
      [20, null],
      [30, "25.50"],
    ]);
    expect(within(null, 99, 0)[2]).toEqual([30, "2550"]);
  });

  it("begin with the price that held at the begin, and with none where there was none", () => {
    expect(within(15, 25)).toEqual([
      [15, "10.00"],
      [20, null],
    ]);
    expect(within(22, 25)).toEqual([]);
    expect(within(22, 30)).toEqual([[30, "25.50"]]);
    expect(within(30, 30)).toEqual([[30, "25.50"]]);
    expect(within(null, 9)).toEqual([]);
  });
});
