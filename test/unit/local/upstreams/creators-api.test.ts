import { describe, expect, it } from "vitest";
import { LOCAL_PARTNER_TAGS } from "../../../../local/upstreams/local-credentials.ts";
import { createProductSource } from "../../../../local/upstreams/shared/products/product-source.ts";
import { start, US } from "./creators-api-rig.ts";

describe("what getItems checks", () => {
  it.each([
    ["no ids", { itemIds: [] }, "itemIds"],
    ["eleven ids", { itemIds: Array.from({ length: 11 }, (_, at) => `B00000000${at % 10}`) }, "itemIds"],
    ["PascalCase keys", { ItemIds: ["B071HMM81V"] }, "ItemIds"],
    ["a PascalCase resource", { itemIds: ["B071HMM81V"], resources: ["ItemInfo.Title"] }, "resources"],
    [
      "a resource of another operation",
      { itemIds: ["B071HMM81V"], resources: ["variationSummary.variationDimension"] },
      "resources",
    ],
    ["an offers resource that is gone", { itemIds: ["B071HMM81V"], resources: ["offers.listings.price"] }, "resources"],
    ["a condition that is gone", { itemIds: ["B071HMM81V"], condition: "Used" }, "condition"],
    ["no partner tag", { itemIds: ["B071HMM81V"], partnerTag: undefined }, "partnerTag"],
  ])("refuses %s by name", async (_, body, field) => {
    const { authorization, call } = await start();
    const answer = await call("getItems", await authorization("3.1"), body);
    expect(answer).toMatchObject({
      status: 400,
      body: { type: "ValidationException", reason: "FieldValidationFailed" },
    });
    expect(answer.body.fieldList).toContain(field);
  });

  it("refuses the partner tag of another shop, an unknown shop, bad JSON and an unknown operation", async () => {
    const { authorization, call } = await start();
    const auth = await authorization("3.1");
    const ids = { itemIds: ["B071HMM81V"] };
    expect(
      (await call("getItems", auth, { ...ids, partnerTag: LOCAL_PARTNER_TAGS["www.amazon.ca"] })).body.reason,
    ).toBe("InvalidPartnerTag");
    expect((await call("getItems", auth, ids, "amazon.com")).body.fieldList).toEqual(["x-marketplace"]);
    expect((await call("getItems", auth, "{")).body.reason).toBe("CannotParse");
    expect((await call("GetItems", auth, ids)).body.reason).toBe("UnknownOperation");
  });

  it("accepts what other clients send and ignores it", async () => {
    const { authorization, call } = await start();
    const body = { itemIds: ["B071HMM81V"], itemIdType: "ASIN", marketplace: US, partnerType: "Associates" };
    expect((await call("getItems", await authorization("3.1"), body)).status).toBe(200);
  });
});

describe("what getItems answers", () => {
  it("gives only the title when nothing is asked and only what is asked otherwise", async () => {
    const { authorization, call } = await start();
    const auth = await authorization("3.1");
    const plain = (await call("getItems", auth, { itemIds: ["B071HMM81V"] })).body.itemsResult.items[0];
    expect(Object.keys(plain).sort()).toEqual(["asin", "detailPageURL", "itemInfo"]);
    expect(Object.keys(plain.itemInfo)).toEqual(["title"]);
    expect(plain.detailPageURL).toContain(`tag=${LOCAL_PARTNER_TAGS[US]}`);
    const resources = ["images.primary.highRes", "offersV2.listings.price"];
    const rich = (await call("getItems", auth, { itemIds: ["B071HMM81V"], resources })).body.itemsResult.items[0];
    expect(Object.keys(rich.images)).toEqual(["primary"]);
    expect(Object.keys(rich.images.primary)).toEqual(["hiRes"]);
    expect(typeof rich.offersV2.listings[0].price.money.amount).toBe("number");
    expect(rich.itemInfo).toBeUndefined();
  });

  it("answers bad ids beside good ones, and 404 when all are bad", async () => {
    const { authorization, call, control } = await start();
    const auth = await authorization("3.1");
    await control("/behaviour", { not_found_asins: ["B000000002"], fail_asins: { B000000003: "ItemNotFound" } });
    const { status, body } = await call("getItems", auth, {
      itemIds: ["B000000001", "B000000002", "B000000003", "b000000001"],
    });
    expect(status).toBe(200);
    expect(body.itemsResult.items.map((one: { asin: string }) => one.asin)).toEqual(["B000000001"]);
    expect(body.errors).toEqual([
      { code: "ItemNotAccessible", message: "The ItemId B000000002 is not accessible through the Creators API." },
      { code: "ItemNotFound", message: expect.stringContaining("B000000003") },
      { code: "InvalidParameterValue", message: "The ItemIds b000000001 provided in the request is invalid." },
    ]);
    expect(await call("getItems", auth, { itemIds: ["B000000002"] })).toMatchObject({
      status: 404,
      body: { type: "ResourceNotFoundException", resourceId: "B000000002" },
    });
  });

  it("does not keep the order of the request", async () => {
    const { authorization, call } = await start();
    const auth = await authorization("3.1");
    const itemIds = Array.from({ length: 10 }, (_, at) => `B00000000${at}`);
    const { body } = await call("getItems", auth, { itemIds });
    const got = body.itemsResult.items.map((one: { asin: string }) => one.asin);
    expect(got).not.toEqual(itemIds);
    expect(got.toSorted()).toEqual(itemIds);
  });

  it("has no offer for null_price_asins, an unpriced listing and a used one where told", async () => {
    const { authorization, call, control } = await start();
    const auth = await authorization("3.1");
    const resources = ["offersV2.listings.price", "offersV2.listings.availability", "offersV2.listings.condition"];
    await control("/behaviour", {
      null_price_asins: ["B071HMM81V"],
      unpriced_listing_asins: ["B071HMM82V"],
      used_buy_box: true,
    });
    const { body } = await call("getItems", auth, { itemIds: ["B071HMM81V", "B071HMM82V", "B071HMM83V"], resources });
    const byAsin = new Map<string, { offersV2?: { listings: { price?: unknown; condition: { value: string } }[] } }>(
      body.itemsResult.items.map((one: { asin: string }) => [one.asin, one]),
    );
    expect(byAsin.get("B071HMM81V")?.offersV2).toBeUndefined();
    expect(byAsin.get("B071HMM82V")?.offersV2?.listings[0]?.price).toBeUndefined();
    expect(byAsin.get("B071HMM83V")?.offersV2?.listings[0]?.condition.value).toBe("Used");
  });

  it("changes price and stock where it is set to, in the same shop and for no other product", async () => {
    const { authorization, call, control } = await start({ calls_per_second: 1000 });
    const auth = await authorization("3.1");
    const itemIds = ["B071HMM81V", "B071HMM82V", "B071HMM83V"];
    const resources = ["offersV2.listings.price", "offersV2.listings.availability"];
    const offers = async (): Promise<unknown[]> => {
      const { body } = await call("getItems", auth, { itemIds, resources });
      const items: { asin: string; offersV2: { listings: unknown[] } }[] = body.itemsResult.items;
      return itemIds.map((asin) => items.find((item) => item.asin === asin)?.offersV2.listings[0]);
    };
    const [, , untouched] = await offers();
    const changed_offers = { B071HMM81V: { price_minor: 1749 }, B071HMM82V: { availability: "UNAVAILABLE" } };
    await control("/behaviour", { changed_offers });
    const [cheaper, gone, still] = await offers();
    expect(cheaper).toMatchObject({ price: { money: { amount: 17.49, currency: "USD" } } });
    expect(gone).toMatchObject({ availability: { type: "UNAVAILABLE" } });
    expect(gone).not.toHaveProperty("price");
    expect(still).toEqual(untouched);
  });

  it("writes null for what was not asked when told to", async () => {
    const { authorization, call } = await start({ calls_per_second: 1000, explicit_nulls: true });
    const { body } = await call("getItems", await authorization("3.1"), { itemIds: ["B071HMM81V"] });
    expect(body.itemsResult.items[0]).toMatchObject({ images: null, offersV2: null, itemInfo: { features: null } });
  });
});

describe("the other operations", () => {
  it("pages through a family from a child and sums it up", async () => {
    const { authorization, call } = await start();
    const auth = await authorization("3.1");
    const family = createProductSource().familyOf("B0ZABCDEF1")?.children ?? [];
    const resources = ["variationSummary.variationDimension", "variationSummary.price.lowestPrice"];
    const seen: string[] = [];
    for (const variationPage of [1, 2, 3]) {
      const { body } = await call("getVariations", auth, { asin: family[3], variationPage, resources });
      seen.push(...body.variationsResult.items.map((one: { asin: string }) => one.asin));
      expect(body.variationsResult.variationSummary).toMatchObject({ pageCount: 3, variationCount: family.length });
      expect(body.variationsResult.variationSummary.price.highestPrice).toBeUndefined();
    }
    expect(seen).toEqual(family);
    expect((await call("getVariations", auth, { asin: family[3], variationPage: 4 })).status).toBe(404);
  });

  it("searches ten a page within price bounds and answers 404 for nothing", async () => {
    const { authorization, call } = await start();
    const auth = await authorization("3.1");
    const { body } = await call("searchItems", auth, {
      keywords: "lamp",
      minPrice: 5000,
      resources: ["offersV2.listings.price"],
    });
    expect(body.searchResult.items.length).toBeLessThanOrEqual(10);
    for (const one of body.searchResult.items)
      expect(one.offersV2.listings[0].price.money.amount).toBeGreaterThanOrEqual(50);
    expect((await call("searchItems", auth, { keywords: "lamp", minPrice: 900_000_000 })).status).toBe(404);
    expect((await call("searchItems", auth, { itemCount: 10 })).body.fieldList).toEqual(["keywords"]);
    expect((await call("searchItems", auth, { keywords: "lamp", itemCount: 11 })).body.fieldList).toEqual([
      "itemCount",
    ]);
  });

  it("answers browse nodes with unknown ones beside them", async () => {
    const { authorization, call } = await start();
    const { body } = await call("getBrowseNodes", await authorization("3.1"), {
      browseNodeIds: ["3045", "7"],
      resources: ["browseNodes.ancestor"],
    });
    expect(body.browseNodesResult.browseNodes[0]).toMatchObject({ id: "3045", ancestor: { ancestor: { id: "1000" } } });
    expect(body.errors[0].message).toContain("7");
  });
});
