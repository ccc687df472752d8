import { describe, expect, it } from "vitest";
import type { ProductFields } from "../../../../lambdas/common/core/products/product.ts";
import { patient } from "../../../helpers/source-context.ts";
import { ANSWER_SAMPLES } from "./reading/answer-samples.ts";

const A = "B000000001";
type Json = Record<string, unknown>;

/** The fields that a source reads from its full sample after a change of the product's entry. */
const readChanged = async (name: string, change: (entry: Json) => void): Promise<Partial<ProductFields>> => {
  const sample = ANSWER_SAMPLES.find((one) => one.name === name);
  if (!sample) throw new Error(name);
  const body = sample.answerOf([A]);
  change(sample.entriesOf(body)[0] as Json);
  const client = sample.clientOver(JSON.stringify(body));
  const answer = await client[sample.operation]?.({ marketplace: "www.amazon.com", asins: [A] }, patient());
  const [product] = answer?.products ?? [];
  if (!product) throw new Error(JSON.stringify(answer?.failures));
  return product.fields;
};

describe("SP-API counts are read with their status beside them", () => {
  const offers = (status: string | null, count: number) =>
    readChanged("sp-api offers", (entry) => {
      entry.body = { payload: { ASIN: A, status, Summary: { TotalOfferCount: count }, Offers: [] } };
    });

  it.each([
    ["Success", 0, "out_of_stock"],
    [null, 0, "out_of_stock"],
    ["NoBuyableOffers", 0, "out_of_stock"],
    ["NoBuyableOffers", 3, "out_of_stock"],
    ["ActiveButTooSoonForProcessing", 0, "unknown"],
    ["NoOfferDueToMissingShippingCharge", 0, "unknown"],
    ["SomethingNew", 0, "unknown"],
    ["Success", 2, "unknown"],
  ])("%s with %i offers and no price is %s", async (status, count, availability) => {
    expect((await offers(status, count)).availability_type).toBe(availability);
  });

  it("a price is in stock, whatever the count", async () => {
    const fields = await readChanged("sp-api offers", (entry) => {
      const { payload } = entry.body as { payload: { Summary: Json } };
      payload.Summary.TotalOfferCount = 0;
    });
    expect(fields).toMatchObject({ current_price: "60.02", availability_type: "in_stock" });
  });
});

describe("a zero price is none", () => {
  it("in the Creators API, while the availability stays", async () => {
    const fields = await readChanged("creators-api", (item) => {
      item.offersV2 = {
        listings: [{ price: { money: { amount: 0, currency: "USD" } }, availability: { type: "IN_STOCK" } }],
      };
    });
    expect(fields.current_price ?? null).toBeNull();
    expect(fields.availability_type).toBe("in_stock");
  });

  it("in the Creators API with a basis in another currency", async () => {
    const fields = await readChanged("creators-api", (item) => {
      const money = { amount: 12_500, currency: "KRW" };
      item.offersV2 = { listings: [{ price: { money, savingBasis: { money: { amount: 80, currency: "USD" } } } }] };
    });
    expect(fields).toMatchObject({ current_price: "12500", currency: "KRW", original_price: null });
  });
});

describe("one odd part costs nothing else", () => {
  it.each([
    [{ features: ["a", null] }, { features: ["a"] }],
    [{ images: [null, { l: "x.jpg", lH: 500, lW: 400 }] }, { image_url: "https://m.media-amazon.com/images/I/x.jpg" }],
    [{ variations: [{ asin: null, attributes: [] }] }, { variants: null }],
    [{ availabilityAmazonDelay: [null, null] }, { availability_type: "in_stock", availability_message: null }],
    [{ title: 1984 }, { title: null, brand: "Acme" }],
    [{ stats: { current: [-1, "6002", -1, -1, null], buyBoxPrice: 6002 }, csv: null }, { original_price: null }],
  ])("of a Keepa product: %j", async (change, fields) => {
    const read = await readChanged("keepa", (product) => Object.assign(product, change));
    expect(read).toMatchObject({ current_price: "60.02", brand: "Acme", ...fields });
  });

  it.each([
    [{ attributes: { material: { value: "cotton" }, bullet_point: [null, { value: "one" }] } }, { features: ["one"] }],
    [
      {
        images: [
          {
            marketplaceId: "ATVPDKIKX0DER",
            images: [{ variant: "PT01" }, { variant: "MAIN", link: "https://x.test/x.jpg", height: "500" }],
          },
        ],
      },
      { images: [{ url: "https://x.test/x.jpg", width: null, height: 500 }] },
    ],
    [{ summaries: [7, { marketplaceId: "ATVPDKIKX0DER", itemName: "T", brand: {} }] }, { title: "T", brand: null }],
  ])("of a catalog item: %j", async (change, fields) => {
    expect(await readChanged("sp-api catalog", (item) => Object.assign(item, change))).toMatchObject(fields);
  });
});
