import { describe, expect, it } from "vitest";
import * as z from "zod";
import { ProductFieldsSchema } from "../../../lambdas/common/core/products/product.ts";
import { SourceError } from "../../../lambdas/common/core/sources/source-error.ts";
import { createKeepaClient } from "../../../lambdas/common/sources/keepa/client.ts";
import { KeepaEnvelopeSchema, KeepaProductSchema } from "../../../lambdas/common/sources/keepa/schema.ts";
import { decodeSeries, SERIES } from "../../../lambdas/common/sources/keepa/series.ts";
import { fixtureJson, fixtureText, haveFixtures } from "../../helpers/shared-fixtures.ts";
import { fakeUpstream, patient } from "../../helpers/source-context.ts";

const ASIN = "B0D8W1YVBX";
const FULL = "product-us-B0D8W1YVBX-full.json";

const ask = (status: number, body: string, asins: readonly string[] = [ASIN]) => {
  const { context } = fakeUpstream({ key: "k" }, () => ({ status, body }));
  return createKeepaClient(context).fetchProducts({ marketplace: "www.amazon.com", asins }, patient());
};

describe.skipIf(!haveFixtures("keepa"))("real bodies of Keepa", () => {
  it("give every field of the recorded product", async () => {
    const answer = await ask(200, fixtureText("keepa", FULL), [ASIN, "B000000000"]);
    expect(answer.signals).toEqual({ tokensLeft: 94, refillInMs: 53_441, refillPerMinute: 60 });
    expect(answer.failures.map(({ asin }) => asin)).toEqual(["B000000000"]);
    const [product] = answer.products;
    expect(ProductFieldsSchema.partial().parse(product?.fields)).toEqual(product?.fields);
    expect(product?.fields).toMatchObject({
      title: expect.stringMatching(/^EQQUALBERRY Vitamin Illuminating Serum/),
      brand: "EQQUALBERRY",
      manufacturer: "boosters",
      description: null,
      parent_asin: null,
      current_price: "14.99",
      original_price: "24.99",
      savings_amount: "10.00",
      savings_percentage: 40,
      currency: "USD",
      availability_type: "in_stock",
      star_rating: 4.3,
      customer_review_count: 11_598,
      categories: ["Beauty & Personal Care", "Skin Care", "Face", "Treatments & Masks", "Serums"],
      image_url: "https://m.media-amazon.com/images/I/614vlOIc8YL.jpg",
      detail_page_url: `https://www.amazon.com/dp/${ASIN}`,
    });
    expect(product?.fields.features?.length).toBeGreaterThan(2);
    expect(product?.fields.images?.[0]).toMatchObject({ width: 1500, height: 1500 });
  });

  it("give the same figures from the history alone, when statistics are missing", async () => {
    const envelope = KeepaEnvelopeSchema.parse(fixtureJson("keepa", FULL));
    const [product] = envelope.products ?? [];
    const body = JSON.stringify({ ...envelope, products: [{ ...z.looseObject({}).parse(product), stats: null }] });
    const { products } = await ask(200, body);
    expect(products[0]?.fields).toMatchObject({
      current_price: "14.99",
      original_price: "24.99",
      savings_percentage: 40,
      currency: "USD",
      star_rating: 4.3,
      customer_review_count: 11_598,
      availability_type: "in_stock",
    });
  });

  it("give a price history whose ends are the current prices", async () => {
    const { context } = fakeUpstream({ key: "k" }, () => ({ status: 200, body: fixtureText("keepa", FULL) }));
    const answer = await createKeepaClient(context).fetchSeries?.(
      { marketplace: "www.amazon.com", asin: ASIN },
      patient(),
    );
    const ends = Object.fromEntries((answer?.series ?? []).map(({ name, points }) => [name, points.at(-1)?.[1]]));
    expect(ends).toMatchObject({ buy_box: 1_499, list_price: 2_499 });
    for (const { points } of answer?.series ?? []) {
      expect(points.map(([minute]) => minute)).toEqual(points.map(([minute]) => minute).toSorted((a, b) => a - b));
    }
  });

  it("keep unknown keys", () => {
    const envelope = KeepaEnvelopeSchema.parse(fixtureJson("keepa", FULL));
    const product = KeepaProductSchema.parse(envelope.products?.[0]);
    expect(product).toMatchObject({ launchpad: false, salesRankDisplayGroup: "beauty_display_on_website" });
  });

  it("decode all 36 series, whose last points are the current figures", () => {
    const { products } = KeepaEnvelopeSchema.parse(fixtureJson("keepa", FULL));
    const product = z.looseObject({ csv: z.array(z.array(z.number()).nullable()) }).parse(products?.[0]);
    const series = product.csv.map((csv, index) => decodeSeries(index, csv));
    expect(series).toHaveLength(36);
    expect(series[SERIES.NEW]?.at(-1)).toMatchObject({ value: 1499 });
    expect(series[SERIES.BUY_BOX_SHIPPING]?.at(-1)).toMatchObject({ value: 1499, shipping: 0 });
    expect(series[SERIES.RATING]?.at(-1)?.value).toBe(43);
    for (const points of series) {
      const times = points.map((point) => point.atMs);
      expect(times).toEqual([...times].sort((a, b) => a - b));
    }
  });

  it("tell a refused key, and take no token reading from it", async () => {
    const error = await ask(400, fixtureText("keepa", "error-invalid-key.json")).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(SourceError);
    expect(error).toMatchObject({ code: "InvalidKey", failureClass: "critical", signals: {} });
  });

  it("tell an empty bucket and its refill", async () => {
    const error = await ask(429, fixtureText("keepa", "error-429-third-party-mock.json")).catch(
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({
      code: "NotEnoughTokens",
      failureClass: "throttled",
      signals: { tokensLeft: 0, refillInMs: 60_000, refillPerMinute: 5, retryAfterMs: 60_000 },
    });
  });

  it("read the envelope of a token answer", () => {
    expect(KeepaEnvelopeSchema.parse(fixtureJson("keepa", "token-200.json"))).toMatchObject({
      tokensLeft: 1200,
      refillRate: 20,
    });
  });
});
