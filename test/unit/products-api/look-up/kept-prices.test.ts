import { beforeEach, describe, expect, it } from "vitest";
import { ProductHistory } from "../../../../lambdas/common/adapters/dynamodb/product-history/product-history.ts";
import { HistoryAnswerSchema } from "../../../../lambdas/common/core/contract/products/history.ts";
import { priceSeries } from "../../../../lambdas/common/core/history/price-history.ts";
import { SERIES_OPERATION } from "../../../../lambdas/common/core/sources/operation-names.ts";
import type { SeriesRequest } from "../../../../lambdas/common/core/sources/source-client.ts";
import { fakeSource, leave, sourceError } from "../../common/sources/chain/fakes.ts";
import { ProductsWorld } from "../products-world.ts";

const ASIN = "B08DQQ8CBP";
const HOUR_MS = 3_600_000;
const KEY = "keepa#me";
let world: ProductsWorld;
let asked: SeriesRequest[];
let failure: Error | undefined;

/** A Keepa that kept one price of yesterday, and another one of an hour ago. */
const keepa = () => {
  const source = fakeSource({
    id: "keepa",
    client: {
      fetchSeries: async (request, signal) => {
        await leave(signal);
        asked.push(request);
        if (failure) throw failure;
        const minutesAgo = (minutes: number) => Math.floor(world.clock.now() / 60_000) - minutes;
        const series = priceSeries("new", [
          [minutesAgo(1_440), 1_999],
          [minutesAgo(600), null],
          [minutesAgo(60), 2_099],
        ]);
        return { series: request.asin === ASIN ? [series] : null, signals: {} };
      },
    },
  });
  const operation = { name: SERIES_OPERATION, idsPerCall: 1, limitKey: null, cost: () => 1 };
  return { ...source, descriptor: { ...source.descriptor, operations: [...source.descriptor.operations, operation] } };
};

const kept = async (query = "", asin = ASIN) => {
  const { status, body } = await world.get(`/products/${asin}/history?series=keepa${query}`);
  expect([status, body]).toEqual([200, expect.anything()]);
  return HistoryAnswerSchema.parse(body).kept;
};
const hoursAgo = (iso: string): number => (world.clock.now() - Date.parse(iso)) / HOUR_MS;
const pairs = (answer: Awaited<ReturnType<typeof kept>>) =>
  answer?.series.flatMap(({ points }) => points.map(({ at, value }) => [Math.round(hoursAgo(at)), value]));

beforeEach(async () => {
  asked = [];
  failure = undefined;
  world = new ProductsWorld(keepa());
  await world.put({ asin: ASIN });
});

describe("GET /products/{asin}/history?series=keepa", () => {
  it("gives Keepa's own prices with gaps, for a plot, in a slot of somebody who waits", async () => {
    const answer = await kept();
    expect(answer).toMatchObject({ source: "keepa", currency: "USD", public: false, why: null });
    expect(answer?.series.map(({ name }) => name)).toEqual(["new"]);
    expect(pairs(answer)).toEqual([
      [24, "19.99"],
      [10, null],
      [1, "20.99"],
    ]);
    expect(world.limiter.reserved).toEqual([KEY]);
    expect(asked).toEqual([{ asin: ASIN, marketplace: "www.amazon.com" }]);
  });

  it("asks Keepa once a day and product, not at all without the option, and clips to the time that was asked for", async () => {
    expect((await world.get(`/products/${ASIN}/history`)).body.kept).toBeNull();
    expect(asked).toEqual([]);
    await kept();
    const from = new Date(world.clock.now() - 12 * HOUR_MS).toISOString();
    const to = new Date(world.clock.now() - 2 * HOUR_MS).toISOString();
    expect(pairs(await kept(`&from=${from}&to=${to}`))).toEqual([
      [12, "19.99"],
      [10, null],
    ]);
    expect(asked).toHaveLength(1);
    world.clock.advance(24 * HOUR_MS);
    await kept();
    expect(asked).toHaveLength(2);
  });

  it("says that Keepa has none, and does not ask for them again on that day", async () => {
    const other = "B0CR7G9V56";
    await world.put({ asin: other });
    for (const _ of [1, 2])
      expect(await kept("", other)).toMatchObject({ series: [], why: expect.stringMatching(/no prices/) });
    expect(asked).toHaveLength(1);
  });

  it("gives what is stored, and says why it is no newer, when Keepa does not answer; and 503 with nothing stored", async () => {
    failure = sourceError("keepa", "retriable", "ServerError");
    const refused = await world.get(`/products/${ASIN}/history?series=keepa`);
    expect([refused.status, refused.body.code]).toEqual([503, "upstream_failed"]);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    failure = undefined;
    const first = await kept();
    world.clock.advance(30 * HOUR_MS);
    failure = sourceError("keepa", "retriable", "ServerError");
    const later = await kept();
    expect(later).toMatchObject({
      fetched_at: first?.fetched_at,
      series: first?.series,
      why: expect.stringMatching(/ServerError/),
    });
    world.limiter.refuse(KEY, "circuit-open", world.clock.now() + HOUR_MS);
    expect(await kept()).toMatchObject({ series: first?.series, why: expect.stringMatching(/circuit-open/) });
  });

  it("says what is missing where Keepa cannot be asked: no such source, no credentials, another shop", async () => {
    const { descriptor } = keepa();
    const cases = [
      [[], /not among the sources/],
      [[{ descriptor, unavailable: "not_configured" as const }], /no credentials/],
      [[{ ...keepa(), descriptor: { ...descriptor, marketplaces: [] } }], /does not serve/],
    ] as const;
    for (const [sources, why] of cases) {
      world.sources = sources;
      expect(await kept()).toMatchObject({ fetched_at: null, series: [], why: expect.stringMatching(why) });
    }
    expect(asked).toEqual([]);
  });

  it("gives nothing of it for a public site, nor after Keepa was revoked, also in the midst of a request", async () => {
    expect(await kept("&public=true")).toMatchObject({
      public: false,
      series: [],
      why: expect.stringMatching(/public/),
    });
    expect(asked).toEqual([]);
    await kept();
    world.revoked = ["keepa"];
    expect(await kept()).toMatchObject({ fetched_at: null, series: [], why: expect.stringMatching(/revoked/) });
    world.revoked = [];
    world.clock.advance(24 * HOUR_MS);
    const [before] = world.dynamo.items("product-history");
    const source = keepa();
    const client = {
      ...source.client,
      fetchSeries: async (...call: Parameters<NonNullable<typeof source.client.fetchSeries>>) => {
        world.revoked = ["keepa"];
        return { series: [], signals: {}, ...(await source.client.fetchSeries?.(...call)) };
      },
    };
    world.sources = [{ ...source, client }];
    expect(await kept()).toMatchObject({ series: [], why: expect.stringMatching(/revoked/) });
    expect(world.dynamo.items("product-history")).toEqual([before]);
  });

  it("is for stored products, and is no change that was recorded", async () => {
    expect((await world.get("/products/B0CR7G9V56/history?series=keepa")).status).toBe(404);
    await kept();
    const { body } = await world.get(`/products/${ASIN}/history?series=keepa`);
    const answer = HistoryAnswerSchema.parse(body);
    expect(answer.series.every(({ points }) => points.length === 0)).toBe(true);
    expect(answer.has_earlier).toBe(false);
    expect((await world.get(`/products/${ASIN}/history?series=amazon`)).status).toBe(400);
  });

  it("goes with all content of Keepa when that is revoked", async () => {
    await kept();
    const { dynamo, deps } = world;
    expect(dynamo.items("product-history")).toHaveLength(1);
    const history = new ProductHistory(dynamo.client(), "product-history");
    expect(await history.removeSource("paapi", null, deps.clock.now())).toMatchObject({ removed: 0 });
    expect(await history.removeSource("keepa", null, deps.clock.now())).toMatchObject({ removed: 1 });
    expect(dynamo.items("product-history")).toEqual([]);
  });
});
