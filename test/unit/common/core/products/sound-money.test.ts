import { describe, expect, it } from "vitest";
import { priceOf } from "../../../../../lambdas/common/core/money/price.ts";
import { soundMoney } from "../../../../../lambdas/common/core/products/sound-money.ts";

describe("a price", () => {
  it.each([
    [19.9, "USD", "19.90"],
    ["1399.9", "EUR", "1399.90"],
    [299, "JPY", "299"],
    [12_500, "KRW", "12500"],
    ["12500.4", "KRW", "12500"],
    [1.2345, "KWD", "1.235"],
  ])("of %s %s is %s, with the places of its currency", (value, currency, amount) =>
    expect(priceOf(value, currency)).toBe(amount),
  );

  it.each([
    [0, "USD"],
    ["0.00", "USD"],
    [0.004, "USD"],
    [0.4, "JPY"],
    [-1, "USD"],
    ["-1", "USD"],
    ["gratis", "USD"],
    ["1e99", "USD"],
    [1e300, "USD"],
    [Number.NaN, "USD"],
    ["", "USD"],
    [null, "USD"],
    [5, ""],
    [5, "usd"],
  ])("of %s %s is none", (value, currency) => expect(priceOf(value, currency)).toBeNull());
});

describe("the money of an offer", () => {
  it("has the saving that its two prices make", () =>
    expect(soundMoney({ current_price: "75", original_price: "100", currency: "USD" })).toEqual({
      current_price: "75.00",
      original_price: "100.00",
      savings_amount: "25.00",
      savings_percentage: 25,
      currency: "USD",
    }));

  it.each(["9.99", "10.00", "0"])("has no former price that is not above the price: %s", (original_price) =>
    expect(soundMoney({ current_price: "10.00", original_price, currency: "EUR" })).toEqual({
      current_price: "10.00",
      original_price: null,
      currency: "EUR",
    }),
  );

  it("has no saving without a former price, whatever the source says", () =>
    expect(
      soundMoney({ current_price: "9.99", savings_amount: "20.00", savings_percentage: 67, currency: "USD" }),
    ).toMatchObject({ current_price: "9.99", savings_amount: null, savings_percentage: null }));

  it("takes the shop's percentage where it is rounded another way, and no other", () => {
    const offer = { current_price: "10.36", original_price: "21.95", currency: "USD" };
    expect(soundMoney({ ...offer, savings_percentage: 52 }).savings_percentage).toBe(52);
    expect(soundMoney({ ...offer, savings_percentage: 80 }).savings_percentage).toBe(53);
  });

  it("has no price without a currency, and no currency without a price", () => {
    expect(soundMoney({ current_price: "10.00", currency: null })).toMatchObject({ current_price: null });
    expect(soundMoney({ current_price: null, currency: "USD" })).toMatchObject({ currency: null });
  });

  it("leaves fields without money alone, and changes nothing the second time", () => {
    expect(soundMoney({ title: "T" })).toEqual({ title: "T" });
    const once = soundMoney({ current_price: "75", original_price: "100", currency: "USD", title: "T" });
    expect(soundMoney(once)).toEqual(once);
  });
});
