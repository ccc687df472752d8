import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { findMarketplace, MARKETPLACES } from "../../../lambdas/common/core/products/marketplaces.ts";
import { ProductFieldsSchema } from "../../../lambdas/common/core/products/product.ts";
import { categoryPath } from "../../../lambdas/common/sources/paapi/categories.ts";
import { createPaapiClient } from "../../../lambdas/common/sources/paapi/client.ts";
import { BrowseNodeSchema, PaapiAnswerSchema, PaapiItemSchema } from "../../../lambdas/common/sources/paapi/schema.ts";
import { chain } from "../../../lambdas/common/sources/reading/lenient-leaves.ts";
import { fixtureFolder, fixtureJson, fixtureText, haveFixtures } from "../../helpers/shared-fixtures.ts";
import { fakeUpstream, patient } from "../../helpers/source-context.ts";

const SECRET = {
  access_key: "a",
  secret_key: "s",
  partner_tags: Object.fromEntries(MARKETPLACES.map(({ code }) => [code, "tag-20"])),
};
const there = haveFixtures("paapi");
const files = there ? readdirSync(fixtureFolder("paapi")).filter((file) => file.endsWith(".json")) : [];
const starting = (start: string): string[] => files.filter((file) => file.startsWith(start));

/** The shop of a body, by its name; one file of an Australian client holds answers of the US shop. */
const shopOf = (file: string): string => {
  if (file === "getitems-au-no-contributor.json") return "www.amazon.com";
  const country = /-(us|uk|de|es|fr|ca|au|jp|it)(?:-|\.)/.exec(file)?.[1] ?? "us";
  return findMarketplace(country)?.code ?? "";
};
const client = (file: string, status = 200) =>
  createPaapiClient(fakeUpstream(SECRET, () => ({ status, body: fixtureText("paapi", file) })).context);

/** Reads an answer once more, naively, as the cross-check. */
const Money = z.looseObject({ Amount: z.number(), Currency: z.string() });
const Naive = z.looseObject({
  ASIN: z.string(),
  DetailPageURL: z.string(),
  ParentASIN: z.string().optional(),
  ItemInfo: z
    .looseObject({
      Title: z.looseObject({ DisplayValue: z.string() }),
      Features: z.looseObject({ DisplayValues: z.array(z.string()) }).optional(),
    })
    .optional(),
  Images: z
    .looseObject({ Primary: z.looseObject({ Large: z.looseObject({ URL: z.string() }).optional() }) })
    .optional(),
  Offers: z
    .looseObject({
      Listings: z.array(
        z.looseObject({ Price: Money.optional(), Condition: z.looseObject({ Value: z.string() }).optional() }),
      ),
    })
    .optional(),
});
const Result = z.looseObject({ Items: z.array(Naive) });
const naiveItems = (file: string): z.infer<typeof Naive>[] => {
  const answer = z
    .looseObject({
      ItemsResult: Result.optional(),
      SearchResult: Result.optional(),
      VariationsResult: Result.optional(),
    })
    .parse(fixtureJson("paapi", file));
  return (answer.ItemsResult ?? answer.SearchResult ?? answer.VariationsResult)?.Items ?? [];
};

describe.skipIf(!there)("real bodies of PA-API", () => {
  it("are all of a kind that some test here reads", () => {
    const known = /^(error|getitems|searchitems|getvariations|getbrowsenodes)-/;
    expect(files.filter((file) => !known.test(file))).toEqual([]);
    expect(files).toHaveLength(29);
  });

  it.each([...starting("getitems"), ...starting("searchitems")])("give every field they carry: %s", async (file) => {
    const naive = naiveItems(file);
    const asins = naive.map(({ ASIN }) => ASIN);
    const marketplace = shopOf(file);
    const call = { marketplace, asins };
    const answer = file.startsWith("getitems")
      ? await client(file).fetchProducts(call, patient())
      : await client(file).search?.({ marketplace, query: "x", category: "All", limit: 10 }, patient());
    expect(answer?.products.map(({ asin }) => asin)).toEqual(asins);
    for (const [index, { fields }] of (answer?.products ?? []).entries()) {
      const raw = naive[index];
      expect(ProductFieldsSchema.partial().parse(fields)).toEqual(fields);
      expect(fields.title).toBe(raw?.ItemInfo?.Title.DisplayValue ?? null);
      expect(fields.detail_page_url).toBe(raw?.DetailPageURL);
      expect(fields.image_url).toBe(raw?.Images?.Primary.Large?.URL ?? null);
      expect(fields.parent_asin).toBe(raw?.ParentASIN ?? null);
      expect(fields.features?.length ?? 0).toBe(
        raw?.ItemInfo?.Features?.DisplayValues.filter((line) => line.trim() !== "").length ?? 0,
      );
      const price = raw?.Offers?.Listings.find((listing) => (listing.Condition?.Value ?? "New") === "New")?.Price;
      expect(fields.current_price ?? null).toBe(
        price ? price.Amount.toFixed(findMarketplace(marketplace)?.currencyDigits) : null,
      );
      expect(fields.currency ?? null).toBe(price?.Currency ?? null);
    }
  });

  it.each([
    [
      "us",
      "29.98",
      "USD",
      "In Stock.",
      ["Clothing, Shoes & Jewelry", "Men", "Clothing", "Active", "Active Shirts & Tees"],
    ],
    ["uk", "50.94", "GBP", "Usually dispatched within 2 to 3 days.", ["Clothing", "Men", "Tops, T-Shirts & Shirts"]],
    [
      "de",
      "60.02",
      "EUR",
      "Gewöhnlich versandfertig in 4 bis 5 Tagen.",
      ["Bekleidung", "Herren", "Tops, T-Shirts & Hemden"],
    ],
    ["es", "55.11", "EUR", "Envío en 4 a 5 días.", ["Ropa", "Hombre", "Camisetas, polos y camisas"]],
    ["ca", "39.37", "CAD", "In Stock.", ["Clothing & Accessories", "Men", "Activewear", "Shirts & Tees"]],
  ])(
    "of one shirt in five shops tell them apart: %s",
    async (country, currentPrice, currency, availabilityMessage, categories) => {
      const file = `getitems-all-resources-${country}-B07212L4G2.json`;
      const { products } = await client(file).fetchProducts(
        { marketplace: shopOf(file), asins: ["B07212L4G2"] },
        patient(),
      );
      expect(products[0]?.fields).toMatchObject({
        current_price: currentPrice,
        currency,
        availability_type: "in_stock",
        availability_message: availabilityMessage,
        categories,
        brand: expect.stringMatching(/^adidas originals$/i),
      });
      expect(products[0]?.fields.images).toHaveLength(4);
    },
  );

  it("of books give what is saved on them", async () => {
    const file = "getitems-offersv1-us-two-books.json";
    const { products } = await client(file).fetchProducts(
      { marketplace: "www.amazon.com", asins: ["0805210318", "0892131349"] },
      patient(),
    );
    expect(products.map(({ fields }) => [fields.current_price, fields.original_price, fields.savings_amount])).toEqual([
      ["13.59", "22.00", "8.41"],
      ["5.95", null, null],
    ]);
  });

  it("keep unknown keys", () => {
    const { ItemsResult } = PaapiAnswerSchema.parse(fixtureJson("paapi", "getitems-all-resources-us-B07212L4G2.json"));
    expect(PaapiItemSchema.parse(ItemsResult?.Items?.[0])).toEqual(ItemsResult?.Items?.[0]);
  });

  it("fail one id beside a good one", async () => {
    const answer = await client("getitems-partial-error-it.json").fetchProducts(
      { marketplace: "www.amazon.it", asins: ["B07VMG4ZL5", "B084Q4T9NM"] },
      patient(),
    );
    expect(answer.products.map(({ asin }) => asin)).toEqual(["B084Q4T9NM"]);
    expect(answer.failures).toEqual([
      {
        asin: "B07VMG4ZL5",
        code: "InvalidParameterValue",
        message: "The ItemId B07VMG4ZL5 provided in the request is invalid.",
      },
    ]);
  });

  it("read a Japanese e-book", async () => {
    const file = "getitems-jp-B09HK66P5X-kindle.json";
    const { products } = await client(file).fetchProducts(
      { marketplace: "www.amazon.co.jp", asins: ["B09HK66P5X"] },
      patient(),
    );
    expect(products[0]?.fields).toMatchObject({
      title: "Java言語で学ぶデザインパターン入門第3版",
      manufacturer: "SBクリエイティブ",
    });
  });

  it.each([
    ["getvariations-resources-us-B07212L4G2.json", "B071K31B2L", 2, "Intense Lemons"],
    ["getvariations-offersv1-us-beats.json", null, null, null],
  ])("give the variants: %s", async (file, parent, pages, color) => {
    const answer = await client(file).fetchVariations?.(
      { marketplace: "www.amazon.com", asin: "B07212L4G2", page: 1 },
      patient(),
    );
    const naive = naiveItems(file);
    expect(answer?.variants.map(({ asin }) => asin)).toEqual(naive.map(({ ASIN }) => ASIN));
    expect(answer?.pages).toBeGreaterThanOrEqual(1);
    expect(answer?.variants[0]?.images[0]?.large).toBe(naive[0]?.Images?.Primary.Large?.URL);
    for (const { color_name } of answer?.variants ?? []) expect(color_name).toBeTruthy();
    if (parent !== null) expect(answer).toMatchObject({ parentAsin: parent, pages });
    if (color !== null) expect(answer?.variants[0]?.color_name).toBe(color);
  });

  it.each([
    ["error-too-many-requests-http429.json", 429, "TooManyRequests", "throttled"],
    ["error-invalid-signature-http401.json", 401, "InvalidSignature", "critical"],
    ["error-internal-failure-http500.json", 500, "InternalFailure", "retriable"],
    ["error-validation-languages-http400.json", 400, "InvalidParameterValue", "permanent"],
  ])("refuse a whole call: %s", async (file, status, code, failureClass) => {
    const call = client(file, status).fetchProducts(
      { marketplace: "www.amazon.com", asins: ["B07212L4G2"] },
      patient(),
    );
    await expect(call).rejects.toMatchObject({ status, code, failureClass });
  });

  it("without results bring no variants", async () => {
    const answer = await client("error-getvariations-noresults-http200.json").fetchVariations?.(
      { marketplace: "www.amazon.de", asin: "B07212L4G2", page: 1 },
      patient(),
    );
    expect(answer).toMatchObject({ variants: [], pages: 0 });
  });

  it("with another error alone are refusals, not empty answers", async () => {
    const call = client("error-getbrowsenodes-invalid-node-http200.json").fetchVariations?.(
      { marketplace: "www.amazon.de", asin: "B07212L4G2", page: 1 },
      patient(),
    );
    await expect(call).rejects.toMatchObject({ code: "InvalidParameterValue", status: 200 });
  });

  it.each([
    [
      "getbrowsenodes-ancestor-children-us-3045.json",
      "3045",
      ["1084192", "4", "1000", "283155"],
      ["Books", "Children's Books", "Growing Up & Facts of Life", "Family Life"],
    ],
    ["getbrowsenodes-default-us-3045.json", "3045", [], ["Family Life"]],
    ["getbrowsenodes-default-jp-2291970051.json", "2291970051", [], ["産業研究"]],
  ])("of browse nodes give id, ancestors and path: %s", (file, id, ancestors, path) => {
    const nodes = PaapiAnswerSchema.parse(fixtureJson("paapi", file)).BrowseNodesResult?.BrowseNodes;
    expect(nodes?.map(({ Id }) => Id)).toEqual([id]);
    expect(
      chain(nodes?.[0], BrowseNodeSchema, "Ancestor")
        .slice(1)
        .map(({ Id }) => Id),
    ).toEqual(ancestors);
    expect(categoryPath(nodes)).toEqual(path);
  });
});
