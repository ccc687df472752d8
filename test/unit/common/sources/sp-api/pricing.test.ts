import { describe, expect, it } from "vitest";
import { findMarketplace, type Marketplace } from "../../../../../lambdas/common/core/products/marketplaces.ts";
import { readCompetitiveSummary } from "../../../../../lambdas/common/sources/sp-api/competitive-summary.ts";
import { readOwnPrices } from "../../../../../lambdas/common/sources/sp-api/own-prices.ts";

const shop = (country: string): Marketplace => {
  const place = findMarketplace(country);
  if (!place) throw new Error(country);
  return place;
};
const A = "B000000001";

describe("the seller's own prices", () => {
  const money = (Amount: number, CurrencyCode = "USD"): object => ({ Amount, CurrencyCode });
  const own = (Offers: object[], status = "Success"): unknown => ({
    payload: [{ status, ASIN: A, Product: { Identifiers: { MarketplaceASIN: { ASIN: A } }, Offers } }],
  });
  const offer = (price: object, regular: object, rest: object = {}): object => ({
    ItemCondition: "New",
    BuyingPrice: { ListingPrice: price },
    RegularPrice: regular,
    ...rest,
  });

  it("are struck against the regular price while a promotion runs", () => {
    expect(readOwnPrices(own([offer(money(7.5), money(10))]), shop("US"))[0]).toMatchObject({
      asin: A,
      fields: { current_price: "7.50", original_price: "10.00", savings_amount: "2.50", savings_percentage: 25 },
    });
  });

  it("of yen have no decimals", () => {
    const body = own([offer(money(1999, "JPY"), money(1999, "JPY"))]);
    expect(readOwnPrices(body, shop("JP"))[0]).toMatchObject({ fields: { current_price: "1999", currency: "JPY" } });
  });

  it.each([
    [[]],
    [[offer(money(5), money(5), { ItemCondition: "Used" })]],
    [[offer(money(5), money(5), { offerType: "B2B" })]],
    [[offer(money(0), money(5))]],
  ])("are none without a new retail offer: %j", (offers) => {
    expect(readOwnPrices(own(offers), shop("US"))[0]).toMatchObject({
      fields: { current_price: null, currency: null },
    });
  });

  it("tell which product failed, and that the fault may pass when it is Amazon's", () => {
    expect(readOwnPrices({ payload: [{ status: "ClientError", ASIN: A }] }, shop("US"))).toMatchObject([
      { asin: A, code: "InvalidInput" },
    ]);
    expect(readOwnPrices({ payload: [{ status: "ServerError", ASIN: A }] }, shop("US"))).toMatchObject([
      { asin: A, code: "InternalFailure" },
    ]);
  });

  it("are not read from another body", () => expect(() => readOwnPrices({ responses: [] }, shop("US"))).toThrow());
});

describe("a competitive summary", () => {
  const money = (amount: number, currencyCode = "USD"): object => ({ amount, currencyCode });
  const summary = (body: object, statusCode = 200): unknown => ({ responses: [{ status: { statusCode }, body }] });
  const seen = (customerMembership: string, share: number): object => ({
    customerMembership,
    segmentDetails: { glanceViewWeightPercentage: share },
  });
  const featured = (...segmentedFeaturedOffers: object[]): object => ({
    featuredBuyingOptions: [{ buyingOptionType: "New", segmentedFeaturedOffers }],
  });
  const fieldsOf = (body: object, country = "US"): unknown => {
    const [entry] = readCompetitiveSummary(summary({ asin: A, ...body }), shop(country));
    return entry && "fields" in entry ? entry.fields : entry;
  };

  it("gives what most shoppers without Prime see", () => {
    const body = featured(
      { listingPrice: money(9), featuredOfferSegments: [seen("PRIME", 80), seen("DEFAULT", 5)] },
      { listingPrice: money(11), featuredOfferSegments: [seen("NON_PRIME", 15)] },
    );
    expect(fieldsOf(body)).toMatchObject({ current_price: "11.00", condition: "New", availability_type: "in_stock" });
  });

  it("falls back to the new offer that is cheapest with shipping", () => {
    const priced = (listing: number, shipping: number): object => ({
      listingPrice: money(listing),
      shippingOptions: [{ shippingOptionType: "DEFAULT", price: money(shipping) }],
    });
    const list = (itemCondition: string, ...offers: object[]): object => ({
      lowestPricedOffersInput: { itemCondition, offerType: "Consumer" },
      offers,
    });
    const body = { lowestPricedOffers: [list("Used", priced(1, 0)), list("New", priced(5, 9), priced(8, 0))] };
    expect(fieldsOf(body)).toMatchObject({ current_price: "8.00" });
  });

  it("strikes no price that is not above the present one", () => {
    const was = { referencePrices: [{ name: "WasPrice", price: money(9) }] };
    expect(fieldsOf({ ...featured({ listingPrice: money(9) }), ...was })).toMatchObject({ original_price: null });
    expect(fieldsOf({ ...featured({ listingPrice: money(8) }), ...was })).toMatchObject({ savings_amount: "1.00" });
  });

  it.each([
    [{ featuredBuyingOptions: [] }, "unknown"],
    [
      {
        featuredBuyingOptions: [],
        lowestPricedOffers: [{ lowestPricedOffersInput: { itemCondition: "New" }, offers: [] }],
      },
      "out_of_stock",
    ],
    [{}, "unknown"],
  ])("without a price says only what it knows: %j", (body, availabilityType) =>
    expect(fieldsOf(body)).toMatchObject({ current_price: null, currency: null, availability_type: availabilityType }),
  );

  it("in another currency is no price of the shop", () =>
    expect(fieldsOf(featured({ listingPrice: money(5, "EUR") }))).toMatchObject({ current_price: null }));

  it("tells why an entry failed, and an unknown shape", () => {
    const errors = { asin: A, errors: [{ code: "InvalidInput", message: "no such ASIN" }] };
    expect(readCompetitiveSummary(summary(errors, 400), shop("US"))).toMatchObject([{ asin: A, code: "InvalidInput" }]);
    for (const odd of [{ asin: 1 }, [], null]) {
      expect(readCompetitiveSummary(summary(odd as object), shop("US"))).toMatchObject([
        { asin: "", code: "UnexpectedShape" },
      ]);
    }
  });

  it("keeps the rest of an entry with an odd part", () => {
    const body = { ...featured({ listingPrice: money(9), shippingOptions: {} }), referencePrices: 1 };
    expect(fieldsOf(body)).toMatchObject({ current_price: "9.00", original_price: null });
  });
});
