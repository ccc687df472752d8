import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { findMarketplace, type Marketplace } from "../../../lambdas/common/core/products/marketplaces.ts";
import { ProductFieldsSchema } from "../../../lambdas/common/core/products/product.ts";
import { createSpApiClient } from "../../../lambdas/common/sources/sp-api/client.ts";
import {
  CompetitiveSummarySchema,
  readCompetitiveSummary,
} from "../../../lambdas/common/sources/sp-api/competitive-summary.ts";
import { descriptor } from "../../../lambdas/common/sources/sp-api/descriptor.ts";
import { OwnPricesSchema, readOwnPrices } from "../../../lambdas/common/sources/sp-api/own-prices.ts";
import { CatalogItemSchema } from "../../../lambdas/common/sources/sp-api/schema.ts";
import { fixtureFolder, fixtureJson, haveFixtures } from "../../helpers/shared-fixtures.ts";
import { fakeUpstream, patient } from "../../helpers/source-context.ts";

const US = "www.amazon.com";
const SECRET = { client_id: "id", client_secret: "s", refresh_token: "r", region: "na" } as const;

const Example = z.object({ "application/json": z.looseObject({}) });
const Sandbox = z.object({ static: z.array(z.looseObject({ response: z.looseObject({}) })).min(1) });
const ModelSchema = z.looseObject({ paths: z.record(z.string(), z.unknown()) });
const Observed = z.array(z.object({ http: z.number(), body: z.looseObject({}) }));

const client = (body: object, status = 200) => {
  const { context } = fakeUpstream(SECRET, (request) =>
    request.url.pathname === "/auth/o2/token" ? { body: { access_token: "t", expires_in: 3600 } } : { status, body },
  );
  return createSpApiClient(context);
};
const sandbox = (file: string): object => Sandbox.parse(fixtureJson("sp-api", file)).static[0]?.response ?? {};
const example = (file: string): object => Example.parse(fixtureJson("sp-api", file))["application/json"];

const shop = (country: string): Marketplace => {
  const place = findMarketplace(country);
  if (!place) throw new Error(country);
  return place;
};

const TELEVISION = {
  title:
    "Samsung QN82Q60RAFXZA Flat 82-Inch QLED 4K Q60 Series (2019) Ultra HD Smart TV with HDR and Alexa Compatibility",
  brand: "SAMSUNG",
  manufacturer: "Samsung",
  parent_asin: "B08J7TQ9FL",
  categories: ["Electronics", "Television & Video", "Televisions", "QLED TVs"],
  image_url: "https://m.media-amazon.com/images/I/91uohwV+k3L.jpg",
};

describe.skipIf(!haveFixtures("sp-api"))("real bodies of SP-API", () => {
  it("give the catalog fields of the search example", async () => {
    const answer = await client(example("searchCatalogItems-200-example.json")).fetchProducts(
      { marketplace: US, asins: ["B07N4M94X4"] },
      patient(),
    );
    const fields = answer.products[0]?.fields;
    expect(ProductFieldsSchema.partial().parse(fields)).toEqual(fields);
    expect(fields).toMatchObject({ ...TELEVISION, original_price: "3799.99", currency: "USD" });
    expect(fields?.features).toHaveLength(6);
    expect(fields?.current_price).toBeUndefined();
    expect(fields?.images?.[0]).toEqual({ url: TELEVISION.image_url, width: 2560, height: 1707 });
    expect(new Set(fields?.images?.map(({ url }) => url)).size).toBe(fields?.images?.length);
  });

  it.each(["getCatalogItem-200-example.json", "getCatalogItem-200-sandbox.json"])("give one item: %s", async (file) => {
    const raw = file.includes("example") ? example(file) : sandbox(file);
    expect(CatalogItemSchema.parse(raw)).toEqual(raw);
    const answer = await client({ numberOfResults: 1, items: [raw] }).fetchProducts(
      { marketplace: US, asins: ["B07N4M94X4"] },
      patient(),
    );
    expect(answer.products[0]?.fields).toMatchObject(
      file.includes("example") ? TELEVISION : { ...TELEVISION, parent_asin: answer.products[0]?.fields.parent_asin },
    );
  });

  it("give nothing of another shop's data", async () => {
    const item = sandbox("getCatalogItem-200-sandbox.json");
    const answer = await client({ numberOfResults: 1, items: [item] }).fetchProducts(
      { marketplace: "www.amazon.ca", asins: ["B07N4M94X4"] },
      patient(),
    );
    expect(answer.products[0]?.fields).toMatchObject({ title: null, image_url: null, categories: null });
  });

  it("give prices and availability of the offers batch", async () => {
    const expected = [
      ["B000P6Q7MY", "21.00", "26.00", "in_stock"],
      ["B001Q3KU9Q", "24.99", "27.99", "in_stock"],
      ["B007Z07UK6", "5.01", "10.00", "in_stock"],
      ["B000OQA3N4", "10.00", "25.00", "in_stock"],
      ["B001PYUTII", "10.00", "17.99", "in_stock"],
      ["B00505DW2I", "10.00", "36.00", "in_stock"],
      // Its list price of 18.99 is below its price, so it is no former price.
      ["B00CGZQU42", "50.00", null, "in_stock"],
      ["B01LY2ZYRF", "22.00", "59.50", "in_stock"],
      ["B07PTMKYS7", "12.00", "399.00", "in_stock"],
      ["B00KFRNZY6", null, null, "out_of_stock"],
    ] as const;
    const asins = expected.map(([asin]) => asin);
    const answer = await client(sandbox("getItemOffersBatch-200-sandbox.json")).fetchOffers?.(
      { marketplace: US, asins },
      patient(),
    );
    expect(answer?.failures).toEqual([]);
    const got = answer?.products.map(({ asin, fields }) => [
      asin,
      fields.current_price,
      fields.original_price,
      fields.availability_type,
    ]);
    expect(got).toEqual(expected);
    for (const { fields } of answer?.products ?? [])
      expect(ProductFieldsSchema.partial().parse(fields)).toEqual(fields);
  });

  it.each([
    ["getCatalogItem-400-sandbox.json", "InvalidInput"],
    ["getItemOffersBatch-400-sandbox.json", "InvalidInput"],
  ])("refuse with 400: %s", async (file, code) => {
    const call = client(sandbox(file), 400).fetchProducts({ marketplace: US, asins: ["B07N4M94X4"] }, patient());
    await expect(call).rejects.toMatchObject({ code, failureClass: "permanent", status: 400 });
  });

  it("refuse as users have seen", async () => {
    const classes = { 400: "permanent", 403: "critical", 404: "not_found", 429: "throttled" };
    const observed = Observed.parse(fixtureJson("sp-api", "errors-observed.json"));
    expect(observed.map(({ http }) => http)).toEqual([404, 400, 403, 429]);
    for (const { http, body } of observed) {
      const call = client(body, http).fetchProducts({ marketplace: US, asins: ["B07N4M94X4"] }, patient());
      await expect(call).rejects.toMatchObject({ status: http, failureClass: classes[http as keyof typeof classes] });
    }
  });

  it("come from paths and page sizes that Amazon's models know", () => {
    const catalog = JSON.stringify(
      ModelSchema.parse(fixtureJson("sp-api", "model-catalogItems_2022-04-01.json")).paths["/catalog/2022-04-01/items"],
    );
    expect(catalog).toContain('"maxItems":20');
    expect(catalog).toContain('"maximum":20');
    const pricing = ModelSchema.parse(fixtureJson("sp-api", "model-productPricingV0.json")).paths;
    expect(Object.keys(pricing)).toContain("/batches/products/pricing/v0/itemOffers");
    const offers = descriptor.operations.find((operation) => operation.name === "item-offers");
    expect(JSON.stringify(pricing["/batches/products/pricing/v0/itemOffers"])).toContain(
      String(offers?.callsPerSecond),
    );
  });

  it("give the seller's own prices, by ASIN and by SKU, and never a business price", () => {
    const asked = Sandbox.parse(fixtureJson("sp-api", "getPricing-200-sandbox.json")).static.map(
      ({ response }) => response,
    );
    expect(asked.length).toBeGreaterThanOrEqual(3);
    for (const body of asked) {
      expect(OwnPricesSchema.parse(body)).toEqual(body);
      const read = readOwnPrices(body, shop("US"));
      expect(read.map(({ asin }) => asin)).toEqual(["B00V5DG6IQ", "B00551Q3CS"]);
      const offerType = JSON.stringify(body).includes("B2B");
      for (const entry of read) {
        if (!("fields" in entry)) throw new Error(entry.message);
        expect(ProductFieldsSchema.partial().parse(entry.fields)).toEqual(entry.fields);
        expect(entry.fields).toEqual({
          current_price: offerType ? null : "10.00",
          original_price: null,
          savings_amount: null,
          savings_percentage: null,
          currency: offerType ? null : "USD",
          condition: offerType ? null : "New",
        });
      }
      expect(readOwnPrices(body, shop("DE"))[0]).toMatchObject({ fields: { current_price: null, currency: null } });
    }
  });

  it("give the featured price, what it was, and availability of the competitive summary", () => {
    const body = example("getCompetitiveSummary-200-example.json");
    expect(CompetitiveSummarySchema.parse(body)).toEqual(body);
    const [entry, ...more] = readCompetitiveSummary(body, shop("US"));
    expect(more).toEqual([]);
    expect(entry).toEqual({
      asin: "B00ZIAODGE",
      fields: {
        current_price: "18.11",
        original_price: "18.49",
        savings_amount: "0.38",
        savings_percentage: 2,
        currency: "USD",
        condition: "New",
        availability_type: "in_stock",
      },
    });
    expect(ProductFieldsSchema.partial().safeParse(entry && "fields" in entry && entry.fields).success).toBe(true);
  });

  it("come from pricing operations that Amazon's models know", () => {
    const v0 = ModelSchema.parse(fixtureJson("sp-api", "model-productPricingV0.json")).paths;
    expect(Object.keys(v0)).toContain("/products/pricing/v0/price");
    const newer = ModelSchema.parse(fixtureJson("sp-api", "model-productPricing_2022-05-01.json")).paths;
    expect(Object.keys(newer)).toContain("/batches/products/pricing/2022-05-01/items/competitiveSummary");
  });

  it("are all looked at", () => {
    const read =
      /^(searchCatalogItems|getCatalogItem|getItemOffersBatch|getPricing|getCompetitiveSummary)-|^errors-observed|^model-(catalogItems|productPricing)/;
    const unread = readdirSync(fixtureFolder("sp-api")).filter((file) => !read.test(file));
    expect(unread).toEqual(["README.md"]);
  });
});
