import { describe, expect, it } from "vitest";
import { minorUnits } from "../../../../../lambdas/common/core/money/minor-units.ts";
import { isBelow, savingsOf } from "../../../../../lambdas/common/core/money/savings.ts";

describe("savings", () => {
  it("are the difference in decimal text and whole percent", () => {
    expect(savingsOf("45.99", "35.99")).toEqual({ amount: "10.00", percentage: 22 });
    expect(savingsOf("0.30", "0.10")).toEqual({ amount: "0.20", percentage: 67 });
    expect(savingsOf("4900", "3900")).toEqual({ amount: "1000", percentage: 20 });
  });

  it("are none when the price is not lower, or no amount", () => {
    expect(savingsOf("10.00", "10.00")).toBeUndefined();
    expect(savingsOf("10.00", "12.00")).toBeUndefined();
    expect(savingsOf("ten", "1.00")).toBeUndefined();
  });

  it("compare amounts of different lengths as numbers", () => {
    expect(isBelow("9.99", "10")).toBe(true);
    expect(isBelow("10.00", "10")).toBe(false);
    expect(isBelow("x", "10")).toBeUndefined();
  });
});

describe("minor units", () => {
  it.each([
    ["32.41", 2, 3241],
    ["32.4", 2, 3240],
    ["32", 2, 3200],
    ["299", 0, 299],
    ["0.99", 2, 99],
  ])("of %s with %i digits are %i", (amount, digits, minor) => expect(minorUnits(amount, digits)).toBe(minor));

  it("are none of a text that is no amount", () => expect(minorUnits("-1", 2)).toBeUndefined());
});
