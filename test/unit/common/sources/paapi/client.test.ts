import { createHash, createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { MARKETPLACES } from "../../../../../lambdas/common/core/products/marketplaces.ts";
import { createPaapiClient } from "../../../../../lambdas/common/sources/paapi/client.ts";
import { fakeUpstream, patient, type SeenRequest } from "../../../../helpers/source-context.ts";
import { A, client, failure, item, SECRET, US } from "./client-rig.ts";

const B = "B000000002";
const C = "B000000003";

/** Signature Version 4 once more, written from the specification, over what actually went out. */
const signatureOf = (request: SeenRequest, region: string): string => {
  const authorization = request.headers.get("authorization") ?? "";
  const names = /SignedHeaders=([^,]+)/.exec(authorization)?.[1]?.split(";") ?? [];
  const value = (name: string): string => (name === "host" ? request.url.host : (request.headers.get(name) ?? ""));
  const sha = (text: string): string => createHash("sha256").update(text).digest("hex");
  const canonical = [
    request.method,
    request.url.pathname,
    "",
    ...names.map((name) => `${name}:${value(name).trim()}`),
    "",
    names.join(";"),
    sha(request.body),
  ].join("\n");
  const time = request.headers.get("x-amz-date") ?? "";
  const scope = [time.slice(0, 8), region, "ProductAdvertisingAPI", "aws4_request"];
  const key = scope.reduce<Buffer | string>(
    (secret, part) => createHmac("sha256", secret).update(part).digest(),
    `AWS4${SECRET.secret_key}`,
  );
  const toSign = ["AWS4-HMAC-SHA256", time, scope.join("/"), sha(canonical)].join("\n");
  return createHmac("sha256", key).update(toSign).digest("hex");
};

describe("a PA-API call", () => {
  it.each(MARKETPLACES.map((place) => [place.country, place] as const))(
    "is signed for the host and region of %s",
    async (_, place) => {
      const { pa, requests } = client({ body: { ItemsResult: { Items: [] } } });
      await pa.fetchProducts({ marketplace: place.code, asins: [A] }, patient());
      const request = requests[0];
      expect(request?.url.href).toBe(`https://${place.paapiHost}/paapi5/getitems`);
      expect(request?.headers.get("authorization")).toContain(
        `/${place.paapiRegion}/ProductAdvertisingAPI/aws4_request`,
      );
      expect(request && signatureOf(request, place.paapiRegion)).toBe(
        /Signature=(\w+)/.exec(request?.headers.get("authorization") ?? "")?.[1],
      );
      expect(JSON.parse(request?.body ?? "")).toMatchObject({
        Marketplace: place.code,
        PartnerTag: `tag-${place.country.toLowerCase()}`,
      });
    },
  );

  it("has the headers of the official client, all of them signed", async () => {
    const { pa, requests } = client({ body: {} });
    await pa.fetchProducts({ marketplace: US, asins: [A, B] }, patient());
    const headers = requests[0]?.headers;
    expect(headers?.get("content-encoding")).toBe("amz-1.0");
    expect(headers?.get("content-type")).toBe("application/json; charset=utf-8");
    expect(headers?.get("x-amz-target")).toBe("com.amazon.paapi5.v1.ProductAdvertisingAPIv1.GetItems");
    expect(headers?.get("x-amz-date")).toBe("20261123T120000Z");
    expect(headers?.get("authorization")).toContain(
      "SignedHeaders=content-encoding;content-type;host;x-amz-date;x-amz-target,",
    );
    expect(JSON.parse(requests[0]?.body ?? "")).toMatchObject({
      ItemIds: [A, B],
      ItemIdType: "ASIN",
      PartnerType: "Associates",
    });
  });

  it("is signed for another address when sent there", async () => {
    const { pa, requests } = client({ body: {} }, { api: "https://127.0.0.1:8443/" });
    await pa.fetchProducts({ marketplace: US, asins: [A] }, patient());
    const request = requests[0];
    expect(request?.url.href).toBe("https://127.0.0.1:8443/paapi5/getitems");
    expect(request && signatureOf(request, "us-east-1")).toBe(
      /Signature=(\w+)/.exec(request?.headers.get("authorization") ?? "")?.[1],
    );
  });

  it("asks for resources in PascalCase and for both generations of offers", async () => {
    const { pa, requests } = client({ body: {} });
    await pa.fetchProducts({ marketplace: US, asins: [A] }, patient());
    const { Resources } = JSON.parse(requests[0]?.body ?? "");
    expect(Resources).toEqual(
      expect.arrayContaining(["Offers.Listings.Price", "OffersV2.Listings.Price", "ItemInfo.Title"]),
    );
    for (const name of Resources) expect(name).toMatch(/^(?:[A-Z][A-Za-z0-9]*)(?:\.[A-Z][A-Za-z0-9]*)*$/);
  });

  it("refuses a shop without a partner tag before any call", async () => {
    const upstream = fakeUpstream({ ...SECRET, partner_tags: {} }, () => ({}));
    const error = await failure(
      createPaapiClient(upstream.context).fetchProducts({ marketplace: US, asins: [A] }, patient()),
    );
    expect([error.code, error.failureClass, upstream.requests.length]).toEqual(["MissingPartnerTag", "permanent", 0]);
  });
});

describe("a PA-API answer", () => {
  const fetch = (body: object, asins: readonly string[]) =>
    client({ body }).pa.fetchProducts({ marketplace: US, asins }, patient());
  const inaccessible = (asin: string): object => ({
    Code: "ItemNotAccessible",
    Message: `The ItemId ${asin} is not accessible through the Product Advertising API.`,
  });

  it("is joined by ASIN, and an error inside it concerns only the id it names", async () => {
    const answer = await fetch({ ItemsResult: { Items: [item(C), item(A)] }, Errors: [inaccessible(B)] }, [A, B, C]);
    expect(answer.products.map(({ asin }) => asin)).toEqual([A, C]);
    expect(answer.failures.map(({ asin, code }) => [asin, code])).toEqual([[B, "ItemNotAccessible"]]);
  });

  it("of errors alone fails each id with its own", async () => {
    const answer = await fetch(
      {
        Errors: [
          inaccessible(A),
          { Code: "InvalidParameterValue", Message: `The ItemId ${B} provided in the request is invalid.` },
        ],
      },
      [A, B],
    );
    expect(answer.failures.map(({ asin, code }) => [asin, code])).toEqual([
      [A, "ItemNotAccessible"],
      [B, "InvalidParameterValue"],
    ]);
  });

  it("that leaves an id out without a word fails it as not returned", async () => {
    const answer = await fetch({ ItemsResult: { Items: [item(A)] } }, [A, B]);
    expect(answer.failures.map(({ asin, code }) => [asin, code])).toEqual([[B, "NotReturned"]]);
  });

  it.each([
    [{ Images: 3 }, { images: null }],
    [
      { CustomerReviews: { Count: "38", StarRating: { Value: "4.5" } } },
      { customer_review_count: 38, star_rating: 4.5 },
    ],
    [
      { CustomerReviews: { Count: "many", StarRating: { Value: 4.5 } } },
      { customer_review_count: null, star_rating: 4.5 },
    ],
    [{ Images: { Primary: { Large: { URL: 1 } }, Variants: [7] } }, { images: null }],
    [
      { OffersV2: { Listings: ["odd", { Price: { Money: { Amount: 5, Currency: "USD" } } }] } },
      { current_price: "5.00" },
    ],
    [{ BrowseNodeInfo: { BrowseNodes: [1, { DisplayName: "Books", Ancestor: "none" }] } }, { categories: ["Books"] }],
    [{ VariationAttributes: "none" }, {}],
  ])("keeps an item of which one attribute is odd: %j", async (odd, fields) => {
    const answer = await fetch({ ItemsResult: { Items: [item(A, odd), item(B)] } }, [A, B]);
    expect(answer.failures).toEqual([]);
    expect(answer.products.map(({ asin }) => asin)).toEqual([A, B]);
    expect(answer.products[0]?.fields).toMatchObject({ title: expect.any(String), ...fields });
  });

  it("keeps the good items when one has no ASIN, and calls the one left over unreadable", async () => {
    const answer = await fetch({ ItemsResult: { Items: [{ ASIN: 7 }, "odd", item(B)] } }, [A, B]);
    expect(answer.products.map(({ asin }) => asin)).toEqual([B]);
    expect(answer.failures.map(({ asin, code }) => [asin, code])).toEqual([[A, "UnexpectedShape"]]);
  });

  it.each([
    [
      429,
      { __type: "com.amazon.paapi5#TooManyRequestsException", Errors: [{ Code: "TooManyRequests" }] },
      "TooManyRequests",
      "throttled",
    ],
    [429, {}, "TooManyRequests", "throttled"],
    [401, { Errors: [{ Code: "InvalidSignature" }] }, "InvalidSignature", "critical"],
    [401, { Errors: [{ Code: "UnrecognizedClient" }] }, "UnrecognizedClient", "critical"],
    [403, { Errors: [{ Code: "InvalidAssociate" }] }, "InvalidAssociate", "critical"],
    [403, { __type: "com.amazon.paapi5#AccessDeniedException" }, "AccessDenied", "critical"],
    [400, { Errors: [{ Code: "InvalidPartnerTag" }] }, "InvalidPartnerTag", "critical"],
    [400, { Errors: [{ Code: "MissingParameter" }] }, "MissingParameter", "permanent"],
    [401, { Errors: [{ Code: "RequestExpired" }] }, "RequestExpired", "retriable"],
    [500, { __type: "com.amazon.coral.service#InternalFailure", message: "x" }, "InternalFailure", "retriable"],
    [502, "<html>", "InternalFailure", "retriable"],
    [200, "<html>", "UnreadableAnswer", "retriable"],
    [400, { Errors: [{ Code: "BrandNewCode" }] }, "BrandNewCode", "retriable"],
  ])("of status %i with %j is %s, %s", async (status, body, code, failureClass) => {
    const error = await failure(client({ status, body }).pa.fetchProducts({ marketplace: US, asins: [A] }, patient()));
    expect([error.code, error.failureClass, error.status]).toEqual([code, failureClass, status]);
    expect(error.message).not.toContain(SECRET.secret_key);
  });

  it("passes a pause on where there is one", async () => {
    const reply = { status: 429, body: {}, headers: { "retry-after": "Mon, 23 Nov 2026 12:00:05 GMT" } };
    const error = await failure(client(reply).pa.fetchProducts({ marketplace: US, asins: [A] }, patient()));
    expect(error.signals).toEqual({ retryAfterMs: 5000 });
  });
});
