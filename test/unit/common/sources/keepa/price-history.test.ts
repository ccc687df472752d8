import { describe, expect, it } from "vitest";
import { createKeepaClient } from "../../../../../lambdas/common/sources/keepa/client.ts";
import { priceSeriesOf } from "../../../../../lambdas/common/sources/keepa/price-history.ts";
import { KeepaProductSchema } from "../../../../../lambdas/common/sources/keepa/schema.ts";
import { boundedClient } from "../../../../../lambdas/common/sources/registry/bounded-client.ts";
import { fakeUpstream, patient } from "../../../../helpers/source-context.ts";

const ASIN = "B000000001";
/** Unix minutes of Keepa's minute 0. */
const EPOCH = 21_564_000;
const WEEK = 7 * 24 * 60;

/** A product whose `csv` has these series at their places. */
const product = (series: Readonly<Record<number, readonly number[] | null>>, more: object = {}) => ({
  ...{ asin: ASIN, productType: 0, title: "Lamp", ...more },
  csv: Array.from({ length: 36 }, (_, index) => series[index] ?? null),
});
const seriesOf = (...given: Parameters<typeof product>) =>
  priceSeriesOf(KeepaProductSchema.parse(product(...given))).map(({ name, points }) => [
    name,
    points.map(([minute, price]) => [minute - EPOCH, price]),
  ]);

describe("Keepa's price history", () => {
  it("is read from its four series, in minor units, with gaps where nobody offered it", () => {
    const csv = { 0: [0, 1999, 60, -1, 120, 2099], 1: [0, 1500], 3: [0, 7], 4: [0, 2999], 16: [0, 45] };
    expect(seriesOf(csv)).toEqual([
      [
        "amazon",
        [
          [0, 1999],
          [60, null],
          [120, 2099],
        ],
      ],
      ["new", [[0, 1500]]],
      ["list_price", [[0, 2999]]],
    ]);
  });

  it("has shipping in the buy box, whose points are triples, and nothing of it a week after a point that nothing confirms", () => {
    const boxes = [0, 1000, 350, 60, -1, -1, 120, 1200, 0];
    const whole = [
      [0, 1350],
      [60, null],
      [120, 1200],
    ];
    expect(seriesOf({ 18: boxes }, { lastUpdate: 120 + WEEK })).toEqual([["buy_box", whole]]);
    expect(seriesOf({ 18: boxes }, { lastUpdate: 121 + WEEK })).toEqual([["buy_box", [...whole, [120 + WEEK, null]]]]);
    const stats = { buyBoxPrice: 1_200, buyBoxShipping: 0 };
    expect(seriesOf({ 18: boxes }, { lastUpdate: 121 + WEEK, stats })).toEqual([["buy_box", whole]]);
  });

  it("leaves out series that are none, never had a price, or cannot be read in whole points", () => {
    expect(seriesOf({ 0: [0, -1, 60, -1], 1: [0, 1500, 60], 4: [0, 0], 18: [0, 1] })).toEqual([]);
    expect(priceSeriesOf(KeepaProductSchema.parse({ asin: ASIN, csv: null }))).toEqual([]);
    expect(priceSeriesOf(KeepaProductSchema.parse({ asin: ASIN, csv: "odd" }))).toEqual([]);
  });
});

describe("a call for it", () => {
  const ask = async (products: readonly object[]) => {
    const envelope = { tokensLeft: 9, refillIn: 1, refillRate: 5, products };
    const extras = { rating: true, buybox: true };
    const { context, requests } = fakeUpstream({ key: "k" }, () => ({ body: envelope }));
    const client = boundedClient(createKeepaClient({ ...context, extras }));
    const answer = await client.fetchSeries?.({ marketplace: "www.amazon.de", asin: ASIN }, patient());
    return { answer, asked: Object.fromEntries(requests[0]?.url.searchParams ?? []) };
  };

  it("asks for the history of two years and for nothing that costs extra, whatever the stage asks for with products", async () => {
    const { answer, asked } = await ask([product({ 1: [0, 1500] })]);
    expect(asked).toEqual({ key: "k", domain: "3", asin: ASIN, stats: "1", history: "1", days: "730" });
    expect(answer?.series).toEqual([{ name: "new", points: [[EPOCH, 1500]], has_earlier: false }]);
    expect(answer?.signals).toMatchObject({ tokensLeft: 9 });
  });

  it("has no series of a product that Keepa does not know, or that is another one", async () => {
    expect((await ask([])).answer?.series).toBeNull();
    expect((await ask([product({ 1: [0, 1] }, { asin: "B000000009" }), { odd: 1 }])).answer?.series).toBeNull();
  });
});
