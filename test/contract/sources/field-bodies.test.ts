import { describe, expect, it } from "vitest";
import * as z from "zod";
import { availabilityFromText } from "../../../lambdas/common/core/page-text/availability-text.ts";
import { findMarketplace, type Marketplace } from "../../../lambdas/common/core/products/marketplaces.ts";
import { ItemSchema } from "../../../lambdas/common/sources/creators-api/schema.ts";
import { toProductFields } from "../../../lambdas/common/sources/creators-api/to-product.ts";
import { KeepaProductSchema } from "../../../lambdas/common/sources/keepa/schema.ts";
import { toProduct as keepaProduct } from "../../../lambdas/common/sources/keepa/to-product.ts";
import { readOffersEntry } from "../../../lambdas/common/sources/sp-api/offers-batch.ts";
import { CatalogItemSchema, OffersBatchSchema } from "../../../lambdas/common/sources/sp-api/schema.ts";
import { toProduct as catalogProduct } from "../../../lambdas/common/sources/sp-api/to-product.ts";
import { fixtureJson, haveFixtures } from "../../helpers/shared-fixtures.ts";

const ASIN = "B0FIELD001";
const US = findMarketplace("US") as Marketplace;

const Entry = z.looseObject({ status: z.looseObject({}), body: z.looseObject({ payload: z.looseObject({}) }) });
const Texts = z.object({ texts: z.record(z.string(), z.string()), guard: z.record(z.string(), z.string()) });
const Originals = z.object({ cases: z.array(z.looseObject({ reader: z.string() })) });
const Changes = z.object({
  cases: z.array(z.object({ reader: z.string(), change: z.record(z.string(), z.unknown()) })),
});

const fieldsOf = (read: object): object => ("fields" in read ? (read.fields as object) : read);

/** What SP-API's reader of offers makes of one entry of an answer. */
const offers = (entry: object) => {
  const [read] = OffersBatchSchema.parse({ responses: [entry] }).responses ?? [];
  if (!read) throw new Error("the entry was not read");
  return fieldsOf(readOffersEntry(read, US));
};
const keepa = (product: object) => fieldsOf(keepaProduct(KeepaProductSchema.parse(product), US));
const creators = (item: object) => toProductFields(ItemSchema.parse(item), US);

const listing = (money: object) => ({
  asin: ASIN,
  itemInfo: { title: { displayValue: "Tea" } },
  offersV2: { listings: [{ isBuyBoxWinner: true, price: money, availability: { type: "IN_STOCK" } }] },
});

/** Whole products that each odd part is put into. */
const KEEPA = { asin: ASIN, productType: 0, title: "Tea", stats: { current: [1500, 1500] } };
const CATALOG = {
  asin: ASIN,
  summaries: [{ marketplaceId: US.spApiId, itemName: "Tea", brand: "Leaf" }],
};

describe.skipIf(!haveFixtures("field"))("a body met in the field", () => {
  it("08: is too soon to say whether anybody sells it", () => {
    const entry = Entry.parse(fixtureJson("field", "08-sp-api-too-soon.json"));
    expect(offers(entry)).toMatchObject({ availability_type: "unknown" });
    const nobody = { ...entry, body: { payload: { ...entry.body.payload, status: "NoBuyableOffers" } } };
    expect(offers(nobody)).toMatchObject({ availability_type: "out_of_stock" });
  });

  it("09: has a price of zero, which is none", () => {
    const { item } = z.object({ item: z.looseObject({}) }).parse(fixtureJson("field", "09-creators-zero-price.json"));
    expect(creators(item).current_price ?? null).toBeNull();
  });

  it("10: has an original price below the current one, which is none", () => {
    const { cases } = Originals.parse(fixtureJson("field", "10-original-below-current.json"));
    const [first, second] = cases;
    const payload = { ASIN, status: "Success", Summary: second?.summary };
    const read = [
      keepa(z.looseObject({}).parse(first?.product)),
      offers({ status: { statusCode: 200 }, body: { payload } }),
      creators(
        listing({
          money: { amount: 9.99, currency: "USD" },
          savings: { money: { amount: 20, currency: "USD" }, percentage: 67 },
        }),
      ),
    ];
    for (const fields of read) {
      expect(fields).toMatchObject({ current_price: expect.stringMatching(/^(?:15\.00|9\.99)$/) });
      const { original_price, savings_amount, savings_percentage } = fields as Record<string, unknown>;
      expect([original_price ?? null, savings_amount ?? null, savings_percentage ?? null]).toEqual([null, null, null]);
    }
  });

  it.each(
    haveFixtures("field")
      ? Changes.parse(fixtureJson("field", "11-one-odd-attribute.json")).cases.map(
          ({ reader, change }) => [reader, JSON.stringify(change).slice(0, 60), change] as const,
        )
      : [],
  )("11: has one odd part, and the rest is kept: %s %s", (reader, _, change) => {
    if (reader === "keepa") {
      const fields = keepa({ ...KEEPA, ...change });
      expect(fields).toMatchObject({ current_price: "15.00", ...("title" in change ? {} : { title: "Tea" }) });
      return;
    }
    const fields = fieldsOf(catalogProduct(CatalogItemSchema.parse({ ...CATALOG, ...change }), US));
    expect(fields).toMatchObject({ title: "Tea", brand: "Leaf" });
    if ("images" in change) expect(fields).toMatchObject({ image_url: "https://m.media-amazon.com/images/I/x.jpg" });
  });

  it("12: speaks of more to come beside what is left", () => {
    const { texts, guard } = Texts.parse(fixtureJson("field", "12-more-on-the-way.json"));
    const read = Object.keys({ ...texts, ...guard }).map((text) => [text, availabilityFromText(text)]);
    expect(Object.fromEntries(read)).toEqual({
      ...texts,
      入荷予定: "backorder",
      "In stock on May 5, 2027.": "backorder",
    });
  });

  it("13: is sold by others, in every language", () => {
    const { texts } = z
      .object({ texts: z.array(z.string()) })
      .parse(fixtureJson("field", "13-from-these-sellers.json"));
    for (const text of texts) expect(availabilityFromText(text), text).toBe("in_stock");
  });
});
