import { describe, expect, it } from "vitest";
import {
  type ForecastShop,
  type ForecastSupply,
  forecastEnds,
} from "../../../../../lambdas/common/core/refresh/forecast.ts";
import { callsThisHour, productsPerDay } from "../../../../../lambdas/common/core/refresh/hourly-budget.ts";

const HOURS = 24;
const evenly = (products: number): number[] => new Array<number>(HOURS).fill(products / HOURS);
const none = evenly(0);
/** A shop that one source serves, from an hour on. */
const shopOf = (endsByHour: readonly number[], { ended = 0, id = "a", from = 0, to = HOURS } = {}): ForecastShop => ({
  endsByHour,
  ended,
  sourcesByHour: Array.from({ length: HOURS }, (_, hour) => (hour >= from && hour < to ? [id] : [])),
});
const supplyOf = (perDay: number, left = 0, perHour = Number.POSITIVE_INFINITY): ForecastSupply => ({
  perDay,
  left,
  perHour,
});
const forecast = (shops: readonly ForecastShop[], supplies: Readonly<Record<string, ForecastSupply>>) =>
  forecastEnds({ shops, supplies: new Map(Object.entries(supplies)) });

describe("the forecast of the daily refresh", () => {
  it("lets none end while the day carries all", () => {
    expect(forecast([shopOf(evenly(24_000))], { a: supplyOf(25_000, 25_000) })).toEqual({
      count: 0,
      firstInHours: null,
      short: [0],
    });
  });

  it("counts what is more than a day carries, and says when the first of them ends", () => {
    const { count, firstInHours } = forecast([shopOf(evenly(120_000))], { a: supplyOf(86_400) });
    expect(count).toBe(33_600);
    expect(firstInHours).toBe(0);
  });

  it("counts all that has ended, also what can be fetched within the day, which is not short of a call", () => {
    const shops = [shopOf(none, { ended: 500 })];
    expect(forecast(shops, { a: supplyOf(300) })).toEqual({ count: 500, firstInHours: 0, short: [200] });
    expect(forecast(shops, { a: supplyOf(900, 900) })).toEqual({ count: 500, firstInHours: 0, short: [0] });
  });

  it("sees a burst that the hours before it cannot carry, although the day could", () => {
    const ends = none.with(2, 1_000);
    const byAllowance = forecast([shopOf(ends)], { a: supplyOf(2_400) });
    expect(byAllowance).toMatchObject({ count: 700, firstInHours: 2 });
    const byPace = forecast([shopOf(ends)], { a: supplyOf(2_400, 2_400, 100) });
    expect(byPace).toMatchObject({ count: 700, firstInHours: 2 });
  });

  it("has no call in the hours in which a source is blocked, and then no more than its pace", () => {
    const blocked = [shopOf(evenly(2_400), { from: 6 })];
    expect(forecast(blocked, { a: supplyOf(50_000, 50_000) })).toMatchObject({ count: 600, firstInHours: 0 });
    expect(forecast([shopOf(evenly(2_400), { from: HOURS })], { a: supplyOf(50_000, 50_000) }).count).toBe(2_400);
    // Those of hour 6 can only be fetched in that hour.
    expect(forecast([shopOf(none.with(6, 100), { from: 6 })], { a: supplyOf(480, 480, 20) }).count).toBe(80);
  });

  it("shares a source among its shops, and lends no shop the source of another", () => {
    const two = [shopOf(evenly(1_200)), shopOf(evenly(1_200))];
    expect(forecast(two, { a: supplyOf(1_200) }).count).toBe(1_200);
    expect(
      forecast([shopOf(evenly(1_200)), shopOf(evenly(1_200), { id: "b" })], {
        a: supplyOf(9_000, 9_000),
        b: supplyOf(0),
      }),
    ).toMatchObject({
      count: 1_200,
      short: [0, 1_200],
    });
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
