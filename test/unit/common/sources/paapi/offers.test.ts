import { describe, expect, it } from "vitest";
import { findMarketplace } from "../../../../../lambdas/common/core/products/marketplaces.ts";
import type { ProductFields } from "../../../../../lambdas/common/core/products/product.ts";
import { categoryPath } from "../../../../../lambdas/common/sources/paapi/categories.ts";
import { offerFields } from "../../../../../lambdas/common/sources/paapi/offers.ts";
import { PaapiItemSchema } from "../../../../../lambdas/common/sources/paapi/schema.ts";

const read = (offers: object, country = "US"): Partial<ProductFields> => {
  const place = findMarketplace(country);
  if (!place) throw new Error(country);
  return offerFields(PaapiItemSchema.parse({ ASIN: "B000000001", ...offers }), place);
};
const v1 = (...Listings: object[]): object => ({ Offers: { Listings } });
const v2 = (...Listings: object[]): object => ({ OffersV2: { Listings } });
const usd = (Amount: number): object => ({ Amount, Currency: "USD" });

describe("PA-API offers", () => {
  it("of the first generation carry money flat", () => {
    const listing = {
      Availability: { Type: "Now", Message: "In Stock." },
      Condition: { Value: "New" },
      Price: { ...usd(10.36), Savings: { ...usd(11.59), Percentage: 53 } },
      SavingBasis: usd(21.95),
    };
    expect(read(v1(listing))).toEqual({
      current_price: "10.36",
      original_price: "21.95",
      savings_amount: "11.59",
      savings_percentage: 53,
      currency: "USD",
      condition: "New",
      availability_type: "in_stock",
      availability_message: "In Stock.",
    });
  });

  it("of the second carry it under Money, and win over the first", () => {
    const modern = {
      Availability: { Type: "IN_STOCK_SCARCE", Message: "Only 2 left" },
      Condition: { Value: "New", SubCondition: "Unknown" },
      IsBuyBoxWinner: true,
      Price: { Money: usd(60.02), SavingBasis: { Money: usd(80) }, Savings: { Money: usd(19.98), Percentage: 25 } },
    };
    expect(read({ ...v1({ Price: usd(1) }), ...v2(modern) })).toMatchObject({
      current_price: "60.02",
      original_price: "80.00",
      savings_amount: "19.98",
      availability_type: "low_stock",
    });
  });

  it("take the new buy box, never a used one", () => {
    const used = { Condition: { Value: "Used" }, IsBuyBoxWinner: true, Price: usd(1) };
    expect(read(v1(used, { Condition: { Value: "New" }, Price: usd(2) }))).toMatchObject({ current_price: "2.00" });
    expect(read(v1({ Price: usd(3) }, { IsBuyBoxWinner: true, Price: usd(4) }))).toMatchObject({
      current_price: "4.00",
    });
    expect(read(v1(used))).toEqual({});
  });

  it("take a single order before a subscription, whose price nobody pays once", () => {
    const subscription = {
      Condition: { Value: "New" },
      IsBuyBoxWinner: true,
      Type: "SUBSCRIBE_AND_SAVE",
      Price: { Money: usd(4) },
    };
    const ordinary = { Condition: { Value: "New" }, Price: { Money: usd(5) } };
    expect(read(v2(subscription, ordinary))).toMatchObject({ current_price: "5.00" });
    expect(read(v2(subscription))).toMatchObject({ current_price: "4.00" });
  });

  it("take a listing with a price before one without", () => {
    expect(
      read(v2({ Condition: { Value: "New" } }, { Condition: { Value: "New" }, Price: { Money: usd(7) } })),
    ).toMatchObject({ current_price: "7.00" });
  });

  it.each([
    [undefined, "Nur noch 3 auf Lager", "DE", "low_stock"],
    ["Now", "Only 3 left in stock - order soon.", "US", "low_stock"],
    ["Backorderable", undefined, "US", "backorder"],
    [undefined, "Derzeit nicht verfügbar.", "DE", "unavailable"],
    ["OUT_OF_STOCK", undefined, "US", "out_of_stock"],
    ["LEADTIME", "Usually ships within 2 to 3 days.", "US", "backorder"],
    ["AVAILABLE_DATE", undefined, "US", "backorder"],
    ["SOMETHING_NEW", undefined, "US", "unknown"],
  ])("of type %s with message %s in %s are %s", (Type, Message, country, availability) => {
    const offer = v1({
      Price: { Amount: 1, Currency: findMarketplace(country)?.currency },
      Availability: { Type, Message },
    });
    expect(read(offer, country).availability_type).toBe(availability);
  });

  it("give yen without decimals and floats without noise", () => {
    expect(read(v1({ Price: { Amount: 299, Currency: "JPY" } }), "JP").current_price).toBe("299");
    expect(read(v1({ Price: usd(588.9) })).current_price).toBe("588.90");
  });

  it("in another currency are no price of the shop", () => {
    expect(read(v1({ Price: { Amount: 5, Currency: "EUR" } }))).toMatchObject({ current_price: null, currency: null });
  });

  it("without listings say nothing of stock", () => expect(read(v1())).toEqual({}));
});

describe("PA-API categories", () => {
  const chain = (...names: string[]): object =>
    names.reduceRight<object>(
      (inner, DisplayName) => ({ DisplayName, ...(Object.keys(inner).length > 0 ? { Ancestor: inner } : {}) }),
      {},
    );

  it("are the deepest ranked path, root first, without the tree's joints", () => {
    const nodes = [
      chain("Categories", "Sports"),
      { ...chain("Tees", "Men", "Departments", "Clothing"), SalesRank: 5 },
      chain("a", "b", "c", "d", "e"),
    ];
    expect(
      categoryPath(
        PaapiItemSchema.parse({ ASIN: "x", BrowseNodeInfo: { BrowseNodes: nodes } }).BrowseNodeInfo?.BrowseNodes,
      ),
    ).toEqual(["Clothing", "Men", "Tees"]);
  });

  it("are null without nodes", () => expect(categoryPath([])).toBeNull());
});
