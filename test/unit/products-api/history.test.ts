import { beforeEach, describe, expect, it } from "vitest";
import { ProductHistory } from "../../../lambdas/common/adapters/dynamodb/product-history/product-history.ts";
import { isoTime } from "../../../lambdas/common/core/clock.ts";
import { HistoryAnswerSchema } from "../../../lambdas/common/core/contract/products/history.ts";
import { type Change, NOTHING_RECORDED } from "../../../lambdas/common/core/history/change.ts";
import type { SourceId } from "../../../lambdas/common/core/source-ids.ts";
import { ProductsWorld } from "./products-world.ts";

const ASIN = "B08DQQ8CBP";
const DAY_MS = 86_400_000;
let world: ProductsWorld;
const daysAgo = (days: number): string => isoTime(world.clock.now() - days * DAY_MS);
const price = (days: number, value: string | null, source: SourceId | null = "keepa"): Change => ({
  ...{ field: "current_price", value, currency: value === null ? null : "USD", source, changed_at: daysAgo(days) },
});
const record = (...changes: readonly Change[]): Promise<void> =>
  new ProductHistory(world.dynamo.client(), "product-history").record(
    `www.amazon.com#${ASIN}`,
    NOTHING_RECORDED,
    changes,
  );
const history = async (query = "") => {
  const { status, body } = await world.get(`/products/${ASIN}/history${query}`);
  expect([status, body]).toEqual([200, expect.anything()]);
  return HistoryAnswerSchema.parse(body);
};
const pairs = (answer: Awaited<ReturnType<typeof history>>) =>
  answer.series[0]?.points.map(({ at, value }) => [(world.clock.now() - Date.parse(at)) / DAY_MS, value]);

beforeEach(() => {
  world = new ProductsWorld();
});

describe("GET /products/{asin}/history", () => {
  it("gives steps with gaps, clipped to the time that was asked for", async () => {
    await record(price(9, "12.00"), price(7, null, null), price(4, "11.00"), price(2, "10.00"));
    expect(pairs(await history("?field=current_price"))).toEqual([
      [9, "12.00"],
      [7, null],
      [4, "11.00"],
      [2, "10.00"],
    ]);
    const clipped = await history(`?field=current_price&from=${daysAgo(8)}&to=${daysAgo(3)}`);
    expect(clipped).toMatchObject({ from: daysAgo(8), to: daysAgo(3), has_earlier: false });
    expect(pairs(clipped)).toEqual([
      [8, "12.00"],
      [7, null],
      [4, "11.00"],
    ]);
    // It begins within a gap.
    expect(pairs(await history(`?field=current_price&from=${daysAgo(6)}&to=${daysAgo(5)}`))).toEqual([]);
    expect((await history()).series.map(({ field }) => field)).toEqual(["current_price", "availability_type", "title"]);
  });

  it("says of each point when it was fetched and until when it may be kept", async () => {
    await record(price(9, "12.00"), price(7, null, null));
    const { series } = await history(`?field=current_price&from=${daysAgo(8)}`);
    expect(series[0]?.points).toEqual([
      expect.objectContaining({ at: daysAgo(8), fetched_at: daysAgo(9), store_until: null }),
      expect.objectContaining({ at: daysAgo(7), fetched_at: null, store_until: null }),
    ]);
  });

  it("says of a source without history why there is none, and of one with it that it is recorded", async () => {
    await world.put({ asin: ASIN });
    const [series] = (await history("?field=current_price")).series;
    expect(series).toMatchObject({ recorded: false, points: [] });
    expect(series?.why).toContain(
      "The licence of creators-api, which gives current_price now, does not allow a history",
    );
    const fetched_at = daysAgo(0);
    await world.put({ asin: ASIN, provenance: { current_price: { source: "keepa", fetched_at } } });
    const [other] = (await history("?field=current_price")).series;
    expect(other).toEqual({
      ...{ field: "current_price", recorded: true, points: [] },
      why: "Nothing was recorded in this time.",
    });
    await record(price(1, "12.00"));
    expect((await history("?field=current_price")).series[0]).toMatchObject({ recorded: true, why: null });
  });

  it("gives out nothing of a source whose history is not allowed any more, and no internal price to a site", async () => {
    await record(price(9, "12.00", "creators-api"), price(8, "11.00", "sample-data"), price(7, "10.00", "keepa"));
    expect(pairs(await history("?field=current_price"))).toEqual([
      [8, "11.00"],
      [7, "10.00"],
    ]);
    expect(pairs(await history("?field=current_price&public=true"))).toEqual([
      [8, "11.00"],
      [7, null],
    ]);
    world.revoked = ["sample-data"];
    expect(pairs(await history("?field=current_price"))).toEqual([[7, "10.00"]]);
  });

  it("refuses what it cannot read, and does not know a product without any history", async () => {
    for (const query of ["?field=brand", "?from=yesterday", "?from=2026-02-02&to=2026-02-01", "?since=2026-02-02"]) {
      expect((await world.get(`/products/${ASIN}/history${query}`)).status, query).toBe(400);
    }
    expect((await world.get(`/products/${ASIN}/history`)).status).toBe(404);
    expect((await world.get("/products/nothing/history")).status).toBe(404);
  });
});
