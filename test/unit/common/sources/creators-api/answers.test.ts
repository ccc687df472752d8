import { describe, expect, it } from "vitest";
import { SourceError } from "../../../../../lambdas/common/core/sources/source-error.ts";
import { descriptor } from "../../../../../lambdas/common/sources/creators-api/descriptor.ts";
import { A, setup, signal, US } from "./client-rig.ts";

const B = "B08N5WRWNW";

const item = (listings: object[], more: object = {}) => ({
  status: 200,
  body: { itemsResult: { items: [{ asin: A, offersV2: { listings }, ...more }] } },
});
const money = (amount: number | string, currency = "USD") => ({ money: { amount, currency } });

const fieldsFor = async (listings: object[], more: object = {}, marketplace = US) => {
  const { client } = setup(marketplace.endsWith(".jp") ? "3.3" : "3.1", [item(listings, more)]);
  const answer = await client.fetchProducts({ marketplace, asins: [A] }, signal);
  return answer.products[0]?.fields ?? {};
};

const errorFrom = async (reply: { status: number; body: unknown; headers?: Record<string, string> }) => {
  const thrown: unknown = await setup("3.1", [reply])
    .client.fetchProducts({ marketplace: US, asins: [A] }, signal)
    .catch((error: unknown) => error);
  if (thrown instanceof SourceError) return thrown;
  throw new Error("no SourceError");
};

describe("offers", () => {
  it("prefers a new offer to a used one in the buy box", async () => {
    const used = { isBuyBoxWinner: true, condition: { value: "Used" }, price: money(5) };
    const fresh = { condition: { value: "New" }, price: money(9.5), availability: { type: "IN_STOCK" } };
    expect(await fieldsFor([used, fresh])).toMatchObject({ current_price: "9.50", condition: "New" });
    const alone = await fieldsFor([used]);
    expect(alone.current_price).toBeUndefined();
    expect(alone.availability_type).toBeUndefined();
  });

  it("prefers the buy box and a single order to a subscription", async () => {
    const subscription = {
      type: "SUBSCRIBE_AND_SAVE",
      condition: { value: "New" },
      isBuyBoxWinner: true,
      price: money(8),
    };
    const other = { condition: { value: "New" }, price: money(11) };
    const winner = { condition: { value: "New" }, isBuyBoxWinner: true, price: money(10) };
    expect((await fieldsFor([subscription, other, winner])).current_price).toBe("10.00");
  });

  it.each([
    ["IN_STOCK_SCARCE", "low_stock"],
    ["PREORDER", "preorder"],
    ["LEADTIME", "backorder"],
    ["AVAILABLE_DATE", "backorder"],
    ["OUT_OF_STOCK", "out_of_stock"],
    ["UNAVAILABLE", "unavailable"],
    ["UNKNOWN", "unknown"],
    ["SOMETHING_NEW", "unknown"],
  ])("reads availability %s as %s", async (type, expected) => {
    expect((await fieldsFor([{ availability: { type } }])).availability_type).toBe(expected);
  });

  it("writes yen without decimals, and takes amounts as text", async () => {
    expect(await fieldsFor([{ price: money(299, "JPY") }], {}, "www.amazon.co.jp")).toMatchObject({
      current_price: "299",
      currency: "JPY",
    });
    expect((await fieldsFor([{ price: money("1399.9") }])).current_price).toBe("1399.90");
  });

  it.each([[-1], ["gratis"], [null]])("takes the amount %s for no price", async (amount) => {
    const fields = await fieldsFor([{ price: { money: { amount, currency: "USD" } } }]);
    expect(fields.current_price).toBeUndefined();
    expect(fields.currency).toBeUndefined();
  });

  it("drops an original price that is no higher, and works out a saving that is not given", async () => {
    expect(await fieldsFor([{ price: { ...money(10), savingBasis: money(10) } }])).toMatchObject({
      original_price: null,
      savings_amount: null,
    });
    expect(await fieldsFor([{ price: { ...money(75), savingBasis: money(100) } }])).toMatchObject({
      original_price: "100.00",
      savings_amount: "25.00",
      savings_percentage: 25,
    });
  });
});

describe("odd answers", () => {
  it("keeps an item whose attributes are of odd types, and leaves Amazon's internal categories out", async () => {
    const fields = await fieldsFor([], {
      itemInfo: { title: { displayValue: " T " }, features: { displayValues: "one" }, byLineInfo: 7 },
      images: { primary: { large: { url: "not a url" }, medium: { url: "https://x.test/m.jpg", height: "x" } } },
      browseNodeInfo: {
        browseNodes: [
          { displayName: "6e2a3c64-0c1b-4f0e-9c1d-000000000000_1" },
          { displayName: "Test node 3" },
          { contextFreeName: "Lamps" },
          null,
        ],
      },
      customerReviews: { count: "1234", starRating: { value: 4.5 } },
      detailPageURL: "javascript:alert(1)",
      parentASIN: "nonsense",
    });
    expect(fields).toMatchObject({
      title: "T",
      features: null,
      brand: null,
      image_url: "https://x.test/m.jpg",
      images: [{ url: "https://x.test/m.jpg", width: null, height: null }],
      categories: ["Lamps"],
      customer_review_count: 1234,
      star_rating: 4.5,
      detail_page_url: null,
      parent_asin: null,
    });
  });

  const answered = async (body: object, asins: readonly string[]) => {
    const answer = await setup("3.1", [{ status: 200, body }]).client.fetchProducts({ marketplace: US, asins }, signal);
    return {
      products: answer.products.map(({ asin }) => asin),
      failures: answer.failures.map(({ asin, code }) => [asin, code]),
    };
  };

  it("tells every id asked exactly once, whatever comes back", async () => {
    const body = { itemsResult: { items: [{ asin: "B000000009" }, { asin: A }, { asin: A }] }, errors: null };
    expect(await answered(body, [B, A])).toEqual({ products: [A], failures: [[B, "ItemNotFound"]] });
  });

  it.each([[{ no: "asin" }], [{ asin: 7 }], [null]])("calls an item like %j unreadable, not unknown", async (odd) => {
    const read = await answered({ itemsResult: { items: [{ asin: A }, odd] } }, [A, B]);
    expect(read).toEqual({ products: [A], failures: [[B, "UnreadableItem"]] });
  });

  it("gives an error that names no id to the ids left over, which are not unknown for it", async () => {
    const C = "B000000003";
    const body = {
      itemsResult: { items: [{ asin: A }] },
      errors: [
        { code: "InternalServerException", message: "Something went wrong." },
        { code: "ItemNotAccessible", message: `The ItemId ${C} is not accessible through the Creators API.` },
      ],
    };
    expect(await answered(body, [A, B, C])).toEqual({
      products: [A],
      failures: [
        [B, "InternalServerException"],
        [C, "ItemNotAccessible"],
      ],
    });
  });

  it.each([
    [{ status: 200, body: "<html>" }, "UnreadableAnswer", "retriable"],
    [{ status: 200, body: { hello: 1 } }, "UnreadableAnswer", "retriable"],
    [{ status: 404, body: "<html>" }, "Http404", "retriable"],
    [{ status: 503, body: "busy" }, "ServiceUnavailable", "retriable"],
    [{ status: 500, body: { type: "AccessDeniedException" } }, "ServiceUnavailable", "retriable"],
    [{ status: 403, body: "" }, "AccessDeniedException", "critical"],
    [{ status: 401, body: { type: "UnauthorizedException", reason: "InvalidIssuer" } }, "InvalidIssuer", "critical"],
    [{ status: 401, body: { type: "UnauthorizedException", reason: "Other" } }, "UnauthorizedException", "critical"],
    [
      { status: 400, body: { type: "ValidationException", reason: "InvalidAssociate" } },
      "InvalidAssociate",
      "critical",
    ],
    [
      {
        status: 400,
        body: { type: "ValidationException", reason: "FieldValidationFailed", fieldList: [{ name: "itemIds" }] },
      },
      "FieldValidationFailed",
      "permanent",
    ],
    [{ status: 429, body: "", headers: { "retry-after": "7" } }, "ThrottleException", "throttled"],
  ])("reads %j as %s", async (reply, code, failureClass) => {
    const error = await errorFrom(reply);
    expect({ code: error.code, failureClass: error.failureClass }).toEqual({ code, failureClass });
    if (reply.status === 429) expect(error.signals).toEqual({ retryAfterMs: 7_000 });
  });

  it("says in plain words why a probe failed and what to do", async () => {
    const { client } = setup("3.1", [{ status: 403, body: { reason: "AssociateNotEligible" } }]);
    const report = await descriptor.probe(client, US);
    expect(report.ok).toBe(false);
    expect(report.reason).toContain("10 qualified sales");
    expect(report.next_step).not.toBe("");
    expect(await descriptor.probe(setup().client, US)).toMatchObject({ ok: true, next_step: "" });
  });
});
