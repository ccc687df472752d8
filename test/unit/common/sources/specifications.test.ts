import { describe, expect, it } from "vitest";
import { findMarketplace } from "../../../../lambdas/common/core/products/marketplaces.ts";
import { mergeFields, NOTHING_MERGED } from "../../../../lambdas/common/core/products/merge.ts";
import type { ProductFields } from "../../../../lambdas/common/core/products/product.ts";
import { ItemSchema } from "../../../../lambdas/common/sources/creators-api/schema.ts";
import { toProductFields } from "../../../../lambdas/common/sources/creators-api/to-product.ts";
import { KeepaProductSchema } from "../../../../lambdas/common/sources/keepa/schema.ts";
import { toProduct as keepaProduct } from "../../../../lambdas/common/sources/keepa/to-product.ts";
import { PaapiItemSchema } from "../../../../lambdas/common/sources/paapi/schema.ts";
import { toProduct as paapiProduct } from "../../../../lambdas/common/sources/paapi/to-product.ts";
import { parsePage } from "../../../../lambdas/common/sources/product-page/reading/parse-page.ts";
import { CatalogItemSchema } from "../../../../lambdas/common/sources/sp-api/schema.ts";
import { toProduct as spApiProduct } from "../../../../lambdas/common/sources/sp-api/to-product.ts";

const US = findMarketplace("US");
if (!US) throw new Error("no shop US");
const ASIN = "B000000001";

/** Amazon's `itemInfo`, as the Creators API writes it. */
const ITEM_INFO = {
  title: { displayValue: "T", label: "Title", locale: "en_US" },
  features: { displayValues: ["one", "two"], label: "Features" },
  byLineInfo: { brand: { displayValue: "B", label: "Brand" } },
  tradeInInfo: { isEligibleForTradeIn: true, price: { amount: 24.05 } },
  contentInfo: {
    languages: { displayValues: [{ displayValue: "English", type: "Published" }], label: "Language" },
    somethingNew: { displayValue: "x", label: "SomethingNew" },
  },
  externalIds: { upcs: { displayValues: ["885330102972", "072244825053"], label: "UPC" } },
  productInfo: {
    color: { displayValue: " Red ", label: "Color" },
    isAdultProduct: { displayValue: false, label: "IsAdultProduct" },
    itemDimensions: { weight: { displayValue: 0.793664143865, label: "Weight", unit: "pounds" } },
    size: null,
    style: { displayValue: {}, label: "Style" },
  },
};
const FROM_ITEM_INFO = [
  { name: "Language", value: "English" },
  { name: "SomethingNew", value: "x" },
  { name: "UPC", value: "885330102972, 072244825053" },
  { name: "Color", value: "Red" },
  { name: "Weight", value: "0.793664 pounds" },
];

/** The same with PA-API's spelling. */
const capitalized = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(capitalized);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key.charAt(0).toUpperCase() + key.slice(1), capitalized(inner)]),
  );
};

const fieldsOf = (product: object): Partial<ProductFields> => ("fields" in product ? Object(product.fields) : {});

describe("specifications", () => {
  it("are the attributes of the affiliate APIs by Amazon's labels, without what is a field of its own", () => {
    const creators = toProductFields(ItemSchema.parse({ asin: ASIN, itemInfo: ITEM_INFO }), US);
    expect(creators).toMatchObject({ title: "T", specifications: FROM_ITEM_INFO });
    const paapi = paapiProduct(PaapiItemSchema.parse({ ASIN, ItemInfo: capitalized(ITEM_INFO) }), US);
    // Attributes that the schema names come first.
    expect(new Set(fieldsOf(paapi).specifications)).toEqual(new Set(FROM_ITEM_INFO));
  });

  it("are Keepa's attributes with their units, without what Keepa does not know", () => {
    const raw = { asin: ASIN, productType: 0, title: "T", color: "Red", size: null, itemHeight: 100, itemWidth: -1 };
    const unitCount = { unitValue: 1.01, unitType: "Fl Oz" };
    const product = keepaProduct(KeepaProductSchema.parse({ ...raw, unitCount, numberOfPages: 0, g: 4 }), US);
    expect(fieldsOf(product).specifications).toEqual([
      { name: "Color", value: "Red" },
      { name: "Item height", value: "100 mm" },
      { name: "Unit count", value: "1.01 Fl Oz" },
    ]);
  });

  it("are SP-API's attributes of the shop that was asked, without those of offers and listings", () => {
    const here = { marketplace_id: US.spApiId, language_tag: "en_US" };
    const attributes = {
      item_name: [{ value: "T", ...here }],
      color: [
        { value: "Red", ...here },
        { value: "Rot", marketplace_id: "another" },
      ],
      item_weight: [{ value: 2.5, unit: "kilograms", ...here }],
      item_dimensions: [
        { length: { value: 10, unit: "centimeters" }, height: { value: 3, unit: "centimeters" }, ...here },
      ],
      list_price: [{ value: 12, currency: "USD", ...here }],
      purchasable_offer: [{ value: "x", ...here }],
      batteries_required: [{ value: true, ...here }],
    };
    expect(fieldsOf(spApiProduct(CatalogItemSchema.parse({ asin: ASIN, attributes }), US)).specifications).toEqual([
      { name: "Color", value: "Red" },
      { name: "Item weight", value: "2.5 kilograms" },
      { name: "Item dimensions length", value: "10 centimeters" },
      { name: "Item dimensions height", value: "3 centimeters" },
    ]);
  });

  it("are the rows of a page's tables, without ratings and ranks, which are not the product's", () => {
    const row = (label: string, value: string): string => `<tr><th>${label}</th><td>${value}</td></tr>`;
    const html = `<span id="productTitle">T</span>
<div id="productOverview_feature_div"><table><tr><td>Color</td><td>Red</td></tr></table></div>
<div id="prodDetails"><table id="productDetails_techSpec_section_1">${row("Color", "Red")}${row("Weight", "\u200e400 g")}
${row("ASIN", ASIN)}${row("Customer Reviews", '<i class="a-icon a-icon-star">4.5 out of 5</i>')}
${row("Best Sellers Rank", '#3 in <a href="/gp/bestsellers/toys">Toys</a>')}</table></div>`;
    const { fields } = parsePage(html, { asin: ASIN, marketplace: "www.amazon.com" });
    expect(fields.specifications).toEqual([
      { name: "Color", value: "Red" },
      { name: "Weight", value: "400 g" },
    ]);
  });

  it("are null where a source has none, and all of one source after a merge", () => {
    expect(toProductFields(ItemSchema.parse({ asin: ASIN }), US).specifications).toBeNull();
    const [first = { name: "", value: "" }, second = { name: "", value: "" }] = FROM_ITEM_INFO;
    const at = "2026-11-29T10:00:00.000Z";
    const one = mergeFields(NOTHING_MERGED, { specifications: [first] }, { source: "keepa", fetched_at: at });
    const both = mergeFields(one, { specifications: [second] }, { source: "sp-api", fetched_at: at });
    expect(both.fields.specifications).toEqual([first]);
    expect(both.provenance.specifications?.source).toBe("keepa");
  });
});
