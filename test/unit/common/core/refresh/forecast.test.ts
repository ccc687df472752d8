import { describe, expect, it } from "vitest";
import { forecastEnds } from "../../../../../lambdas/common/core/refresh/forecast.ts";
import { callsThisHour, productsPerDay } from "../../../../../lambdas/common/core/refresh/hourly-budget.ts";

const evenly = (products: number): number[] => new Array<number>(24).fill(products / 24);

describe("the forecast of the daily refresh", () => {
  it("lets none end while the day carries all", () => {
    expect(forecastEnds({ endsByHour: evenly(24_000), ended: 0, perDay: 25_000, left: 25_000 })).toEqual({
      count: 0,
      firstInHours: null,
    });
  });

  it("counts what is more than a day carries, and says when the first of them ends", () => {
    const { count, firstInHours } = forecastEnds({ endsByHour: evenly(120_000), ended: 0, perDay: 86_400, left: 0 });
    expect(count).toBe(33_600);
    expect(firstInHours).toBe(0);
  });

  it("counts what has ended and cannot be fetched within the day", () => {
    expect(forecastEnds({ endsByHour: evenly(0), ended: 500, perDay: 300, left: 0 })).toEqual({
      count: 200,
      firstInHours: 0,
    });
  });

  it("sees a burst that the hours before it cannot carry, although the day could", () => {
    const endsByHour = evenly(0);
    endsByHour[2] = 1_000;
    const { count, firstInHours } = forecastEnds({ endsByHour, ended: 0, perDay: 2_400, left: 0 });
    expect(count).toBe(700);
    expect(firstInHours).toBe(2);
  });
});

describe("the budget of an hour", () => {
  const supply = { idsPerCall: 10, callsPerSecond: 1, callsPerDay: 2_592, callsLeft: 2_000 };

  it("may use all that is left of the day while the day carries all", () => {
    expect(callsThisHour(supply, 20_000)).toBe(1_800);
    expect(callsThisHour({ ...supply, callsLeft: 12 }, 20_000)).toBe(12);
  });

  it("is one part of the day when the day does not", () => {
    expect(callsThisHour(supply, 86_400)).toBe(104);
    expect(callsThisHour({ ...supply, callsLeft: -3 }, 86_400)).toBe(0);
  });

  it("knows what a day carries", () => {
    expect(productsPerDay(supply)).toBe(25_920);
    expect(productsPerDay({ ...supply, callsPerDay: null })).toBe(432_000);
  });
});
