import { describe, expect, it } from "vitest";
import { findMarketplace } from "../../../../../lambdas/common/core/products/marketplaces.ts";
import type { ProductFields } from "../../../../../lambdas/common/core/products/product.ts";
import { KeepaProductSchema } from "../../../../../lambdas/common/sources/keepa/schema.ts";
import { toProduct } from "../../../../../lambdas/common/sources/keepa/to-product.ts";

const fields = (raw: object, country = "US"): Partial<ProductFields> => {
  const place = findMarketplace(country);
  if (!place) throw new Error(country);
  const product = toProduct(
    KeepaProductSchema.parse({ asin: "B000000001", productType: 0, title: "T", ...raw }),
    place,
  );
  if (!("fields" in product)) throw new Error(product.code);
  return product.fields;
};

/** A `current` list with the given positions filled and -1 elsewhere. */
const current = (filled: Record<number, number>): number[] =>
  Array.from({ length: 36 }, (_, index) => filled[index] ?? -1);

describe("Keepa prices", () => {
  it.each([
    [
      "buy box with shipping",
      { buyBoxPrice: 1499, buyBoxShipping: 350, current: current({ 18: 1, 0: 2, 1: 3 }) },
      "18.49",
    ],
    ["buy box with unknown shipping", { buyBoxPrice: 1499, buyBoxShipping: -1 }, "14.99"],
    ["last buy box", { buyBoxPrice: -2, current: current({ 18: 1899, 0: 2, 1: 3 }) }, "18.99"],
    ["Amazon's offer", { current: current({ 0: 2000, 1: 3 }) }, "20.00"],
    ["lowest new offer", { current: current({ 1: 5 }) }, "0.05"],
    [
      "new offer when the buy box is a used item's",
      { buyBoxIsUsed: true, buyBoxPrice: 700, current: current({ 18: 700, 1: 999 }) },
      "9.99",
    ],
    ["nothing of -1", { buyBoxPrice: -1, current: current({}) }, null],
    ["nothing of 0", { buyBoxPrice: 0, current: current({ 18: 0, 0: 0, 1: 0 }) }, null],
    ["nothing of nothing", null, null],
  ])("take the %s", (_, stats, price) => {
    expect(fields({ stats }).current_price).toBe(price);
    expect(fields({ stats }).currency).toBe(price === null ? null : "USD");
  });

  it.each([
    ["US", "1234.56", "USD"],
    ["UK", "1234.56", "GBP"],
    ["DE", "1234.56", "EUR"],
    ["FR", "1234.56", "EUR"],
    ["JP", "123456", "JPY"],
    ["CA", "1234.56", "CAD"],
    ["IT", "1234.56", "EUR"],
    ["ES", "1234.56", "EUR"],
    ["IN", "1234.56", "INR"],
    ["MX", "1234.56", "MXN"],
    ["BR", "1234.56", "BRL"],
  ])("of %s are in that shop's minor units", (country, price, currency) => {
    expect(fields({ stats: { buyBoxPrice: 123_456 } }, country)).toMatchObject({ current_price: price, currency });
  });

  it("compare with the list price", () => {
    expect(fields({ stats: { buyBoxPrice: 1499, current: current({ 4: 2499 }) } })).toMatchObject({
      original_price: "24.99",
      savings_amount: "10.00",
      savings_percentage: 40,
    });
  });
});

describe("Keepa's history", () => {
  const NOW = 8_000_000;
  const DAY = 1440;
  const csv = (filled: Record<number, unknown>): unknown[] =>
    Array.from({ length: 36 }, (_, index) => filled[index] ?? null);

  it.each([
    ["US", "14.99", "24.99"],
    ["JP", "1499", "2499"],
  ])("stands in where the statistics lack a figure (%s)", (country, currentPrice, originalPrice) => {
    const filled = {
      1: [NOW - 900, 1999, NOW - 10, 1499],
      4: [1, 2499],
      16: [1, 44, 9, 43],
      17: [1, 11_598],
      11: [1, 5],
    };
    const all = {
      current_price: currentPrice,
      original_price: originalPrice,
      star_rating: 4.3,
      customer_review_count: 11_598,
      availability_type: "in_stock",
    };
    expect(fields({ csv: csv(filled) }, country)).toMatchObject(all);
    expect(fields({ csv: csv(filled), stats: { current: [-1, -1] } }, country)).toMatchObject(all);
  });

  it("never beats the statistics", () => {
    expect(fields({ csv: csv({ 1: [1, 999] }), stats: { current: current({ 1: 1499 }) } }).current_price).toBe("14.99");
  });

  it("knows no price after its last offer ended, but still the rating", () => {
    const ended = { csv: csv({ 1: [1, 1499, 60, -1], 11: [1, 3, 60, 0], 16: [1, 43, 60, -1] }) };
    expect(fields(ended)).toMatchObject({ current_price: null, availability_type: "out_of_stock", star_rating: 4.3 });
  });

  it("adds the shipping that the buy box tells", () => {
    expect(fields({ csv: csv({ 18: [NOW - 10, 1000, 350] }), lastUpdate: NOW }).current_price).toBe("13.50");
    expect(fields({ csv: csv({ 18: [NOW - 10, 1000, -1] }), lastUpdate: NOW }).current_price).toBe("10.00");
  });

  it("trusts an old point of any series but the buy box's, which nobody need have looked at since", () => {
    const old = (index: number): object => ({
      csv: csv({ [index]: index === 18 ? [NOW - 30 * DAY, 900, 0] : [NOW - 30 * DAY, 900] }),
      lastUpdate: NOW,
    });
    expect(fields(old(1)).current_price).toBe("9.00");
    expect(fields(old(18)).current_price).toBeNull();
    expect(fields({ csv: csv({ 18: [NOW - 6 * DAY, 900, 0] }), lastUpdate: NOW }).current_price).toBe("9.00");
  });

  it("of another shape is no history, and costs the product nothing else", () => {
    expect(fields({ csv: csv({ 0: [1, 2, 3], 1: "odd", 4: [1, 2499] }) })).toMatchObject({
      title: "T",
      current_price: null,
      original_price: "24.99",
    });
    expect(fields({ csv: "odd" }).title).toBe("T");
  });
});

describe("Keepa availability", () => {
  const priced = { stats: { buyBoxPrice: 100 } };
  it.each([
    ["Amazon has it", { availabilityAmazon: 0 }, "in_stock"],
    ["pre-order", { availabilityAmazon: 1 }, "preorder"],
    ["back-order", { availabilityAmazon: 3 }, "backorder"],
    ["delayed", { availabilityAmazon: 4, availabilityAmazonDelay: [24, 48] }, "in_stock"],
    ["others have it", { availabilityAmazon: -1, ...priced }, "in_stock"],
    ["unknown at Amazon's, others have it", { availabilityAmazon: 2, ...priced }, "in_stock"],
    ["buy box to come", { availabilityAmazon: -1, stats: { buyBoxPrice: 100, buyBoxIsPreorder: true } }, "preorder"],
    ["counted none", { availabilityAmazon: -1, stats: { current: current({ 11: 0 }) } }, "out_of_stock"],
    ["no data", { availabilityAmazon: -1 }, "unknown"],
    ["no data at all", {}, "unknown"],
  ])("when %s", (_, raw, availability) => expect(fields(raw).availability_type).toBe(availability));

  it("tells the delay", () => {
    expect(fields({ availabilityAmazon: 4, availabilityAmazonDelay: [24, 48] }).availability_message).toContain(
      "24 to 48",
    );
  });

  it.each([2, 5])("of product type %i without a price is not claimed", (productType) =>
    expect(fields({ productType, availabilityAmazon: -1 }).availability_type).toBeNull(),
  );
});

describe("Keepa's other fields", () => {
  it("take the large picture, else the medium one, else the old list", () => {
    const base = "https://m.media-amazon.com/images/I/";
    const images = [
      { l: "a.jpg", lW: 1500, lH: 1200, m: "am.jpg" },
      { m: "b+1.jpg", mW: 500, mH: 400 },
    ];
    expect(fields({ images, imagesCSV: "old.jpg" }).images).toEqual([
      { url: `${base}a.jpg`, width: 1500, height: 1200 },
      { url: `${base}b%2B1.jpg`, width: 500, height: 400 },
    ]);
    expect(fields({ imagesCSV: "x.jpg,y.jpg" })).toMatchObject({ image_url: `${base}x.jpg` });
    expect(fields({})).toMatchObject({ images: null, image_url: null });
  });

  it("are plain text, with null for what is absent", () => {
    const read = fields({
      title: "Bread &amp; <b>Butter</b>",
      description: "<p>One&nbsp;line</p><ul><li>two</li><li>three</li></ul><script>x()</script>",
      features: ["a <i>b</i>", ""],
      brand: null,
      categoryTree: [
        { catId: 1, name: "Root" },
        { catId: 2, name: "Leaf" },
      ],
      parentAsin: "B000000009",
    });
    expect(read).toMatchObject({
      title: "Bread & Butter",
      description: "One line\ntwo\nthree",
      features: ["a b"],
      brand: null,
      categories: ["Root", "Leaf"],
      parent_asin: "B000000009",
    });
  });

  it("are tenths of stars and a count, null at -1", () => {
    expect(fields({ stats: { current: current({ 16: 43, 17: 11_598 }) } })).toMatchObject({
      star_rating: 4.3,
      customer_review_count: 11_598,
    });
    expect(fields({ stats: { current: current({}) } })).toMatchObject({
      star_rating: null,
      customer_review_count: null,
    });
  });

  it("list a parent's variants with their colours", () => {
    const variations = [
      {
        asin: "B000000002",
        attributes: [
          { dimension: "Size", value: "M" },
          { dimension: "Color", value: "Red" },
        ],
        image: "r.jpg",
      },
      { asin: "B000000003", attributes: null },
    ];
    expect(fields({ productType: 5, variations }).variants).toEqual([
      {
        color_name: "Red",
        asin: "B000000002",
        images: [{ small: null, medium: null, large: "https://m.media-amazon.com/images/I/r.jpg" }],
      },
      { color_name: null, asin: "B000000003", images: [] },
    ]);
  });
});
