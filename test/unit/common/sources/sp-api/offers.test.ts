import { describe, expect, it } from "vitest";
import { patient } from "../../../../helpers/source-context.ts";
import { client, failure, found, item, US, US_ID } from "./client-rig.ts";

const A = "B000000001";
const B = "B000000002";

describe("an SP-API offers call", () => {
  const money = (Amount: number, CurrencyCode = "USD"): object => ({ Amount, CurrencyCode });
  const price = (amount: number, shipping = 0, condition = "new"): object => ({
    condition,
    ListingPrice: money(amount),
    LandedPrice: money(amount + shipping),
  });
  const entry = (ASIN: string, Summary: object, status = "Success"): object => ({
    status: { statusCode: 200, reasonPhrase: "OK" },
    request: { Asin: ASIN },
    body: { payload: { ASIN, status, Summary } },
  });
  const offers = async (asins: string[], ...responses: object[]) => {
    const made = client(() => ({ body: { responses } }));
    const answer = await made.sp.fetchOffers?.({ marketplace: US, asins }, patient());
    return { answer, requests: made.requests };
  };

  it("posts one request an ASIN in one call", async () => {
    const { requests } = await offers([A, B], entry(A, {}), entry(B, {}));
    expect(requests[1]?.url.pathname).toBe("/batches/products/pricing/v0/itemOffers");
    expect(JSON.parse(requests[1]?.body ?? "").requests[1]).toEqual({
      uri: `/products/pricing/v0/items/${B}/offers`,
      method: "GET",
      MarketplaceId: US_ID,
      ItemCondition: "New",
      CustomerType: "Consumer",
    });
  });

  it("reads the featured new offer, joined by ASIN", async () => {
    const { answer } = await offers(
      [A, B],
      entry(B, { TotalOfferCount: 1, BuyBoxPrices: [price(5.01, 4.99)], ListPrice: money(10) }),
      entry(A, { TotalOfferCount: 2, BuyBoxPrices: [price(1, 0, "used")], LowestPrices: [price(9, 5), price(10, 1)] }),
    );
    expect(answer?.products.map(({ asin, fields }) => [asin, fields.current_price, fields.original_price])).toEqual([
      [A, "10.00", null],
      [B, "5.01", "10.00"],
    ]);
    expect(answer?.products[1]?.fields).toMatchObject({
      savings_amount: "4.99",
      savings_percentage: 50,
      availability_type: "in_stock",
    });
  });

  it("calls nobody's offer out of stock, but a hidden one unknown", async () => {
    const { answer } = await offers(
      [A, B],
      entry(A, { TotalOfferCount: 0 }, "NoBuyableOffers"),
      entry(B, { TotalOfferCount: 3 }),
    );
    expect(answer?.products.map(({ fields }) => [fields.availability_type, fields.current_price])).toEqual([
      ["out_of_stock", null],
      ["unknown", null],
    ]);
  });

  it("takes no price of another currency", async () => {
    const foreign = { condition: "new", ListingPrice: money(10, "EUR") };
    const { answer } = await offers([A], entry(A, { TotalOfferCount: 1, BuyBoxPrices: [foreign] }));
    expect(answer?.products[0]?.fields.current_price).toBeNull();
  });

  it("fails the entries that failed and the ones that are missing, and no others", async () => {
    const bad = {
      status: { statusCode: 429 },
      request: { uri: `/products/pricing/v0/items/${B}/offers` },
      body: { errors: [{ code: "QuotaExceeded" }] },
    };
    const { answer } = await offers([A, B, "B000000003"], bad, entry(A, { BuyBoxPrices: [price(1)] }));
    expect(answer?.products.map(({ asin }) => asin)).toEqual([A]);
    expect(answer?.failures.map(({ asin, code }) => [asin, code])).toEqual([
      [B, "QuotaExceeded"],
      ["B000000003", "NOT_FOUND"],
    ]);
  });

  it("gives a failure that names no product to the products left over, which are not gone for it", async () => {
    const nameless = { status: { statusCode: 500 }, body: { errors: [{ code: "InternalFailure" }] } };
    const { answer } = await offers([A, B], nameless, entry(A, { BuyBoxPrices: [price(1)] }));
    expect(answer?.failures.map(({ asin, code }) => [asin, code])).toEqual([[B, "InternalFailure"]]);
  });
});

describe("an SP-API search", () => {
  const request = { marketplace: US, query: "tv", category: "All", limit: 1 };

  it("sends key words and cuts to the limit", async () => {
    const { sp, requests } = client(() => ({ body: found(item(A, "a"), item(B, "b")) }));
    const answer = await sp.search?.(request, patient());
    expect(requests[1]?.url.searchParams.get("keywords")).toBe("tv");
    expect(requests[1]?.url.searchParams.has("identifiers")).toBe(false);
    expect(answer?.products.map(({ asin }) => asin)).toEqual([A]);
  });

  it("says that it cannot search by price rather than ignore the range", async () => {
    const { sp } = client(() => ({ body: found() }));
    const error = await failure(sp.search?.({ ...request, minPrice: "1.00" }, patient()));
    expect([error.code, error.failureClass]).toEqual(["UnsupportedFilter", "permanent"]);
  });
});
