import { describe, expect, it } from "vitest";
import {
  arePricesStale,
  MONTHLY_PRICES,
  PRICES_OF,
  regionFactor,
  USE_PRICES,
} from "../../../../../lambdas/common/core/cost/list-prices.ts";

const readAtMs = Date.parse(PRICES_OF.read_on);
const DAY_MS = 86_400_000;

describe("list prices", () => {
  it("count as known for 180 days", () => {
    expect(arePricesStale(readAtMs)).toBe(false);
    expect(arePricesStale(readAtMs + 180 * DAY_MS)).toBe(false);
    expect(arePricesStale(readAtMs + 180 * DAY_MS + 1)).toBe(true);
  });

  it("name a day of the calendar", () => {
    expect(new Date(readAtMs).toISOString().slice(0, 10)).toBe(PRICES_OF.read_on);
  });

  it("are more than nothing", () => {
    for (const price of [...Object.values(USE_PRICES), ...Object.values(MONTHLY_PRICES)])
      expect(price).toBeGreaterThan(0);
  });

  it("are those of us-east-1 where a region is not known to be dearer", () => {
    expect(regionFactor(PRICES_OF.region)).toBe(1);
    expect(regionFactor("eu-central-1")).toBeGreaterThan(1);
    expect(regionFactor("xx-unknown-9")).toBe(1);
  });
});
