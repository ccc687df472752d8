import { describe, expect, it } from "vitest";
import { EVENT_SCHEMAS } from "../../../../lambdas/common/core/contract/events/event-schemas.ts";
import { TransientError } from "../../../../lambdas/common/core/errors.ts";
import { licenceBook } from "../../../../lambdas/common/core/licences/licence-book.ts";
import type { SourceId } from "../../../../lambdas/common/core/source-ids.ts";
import { HistoryWorld } from "./history-world.ts";

const HOUR_MS = 3_600_000;
const REGION = "www.amazon.com";
const ASIN = "B000000001";

const hourly = async (
  world: HistoryWorld,
  steps: readonly (readonly [SourceId, Parameters<HistoryWorld["fetch"]>[1]])[],
): Promise<void> => {
  for (const [source, fields] of steps) {
    await world.fetch(source, fields);
    await world.deliver();
    world.nowMs += HOUR_MS;
  }
};

describe("a price that changed", () => {
  it("is published once with old and new, however often the stream tells of it", async () => {
    const world = new HistoryWorld();
    await hourly(world, [
      ["keepa", { current_price: "19.90" }],
      ["keepa", { current_price: "17.50" }],
    ]);
    await world.deliver();
    await world.deliver();
    expect(world.published).toEqual([
      expect.objectContaining({
        name: "ProductPriceChanged",
        data: expect.objectContaining({
          ...{ asin: ASIN, region: REGION, old_price: "19.90", new_price: "17.50" },
          ...{ old_currency: "USD", currency: "USD", source: "keepa", public: false },
        }),
      }),
    ]);
    for (const { name, data } of world.published) expect(EVENT_SCHEMAS[name].safeParse(data).success).toBe(true);
  });

  it("is not published where the licence of the source has no history, nor as a change to or from its price", async () => {
    const world = new HistoryWorld();
    await hourly(world, [
      ["creators-api", { current_price: "19.90" }],
      ["creators-api", { current_price: "17.50" }],
      ["keepa", { current_price: "16.00" }],
      ["creators-api", { current_price: "15.00" }],
    ]);
    expect(world.published).toEqual([]);
  });

  it("says whether both prices may stand on a public site", async () => {
    const world = new HistoryWorld(licenceBook({ keepa: { prices_public: "Jo Doe of Keepa agreed on 2026-11-02." } }));
    await hourly(world, [
      ["sp-api", { current_price: "19.90" }],
      ["keepa", { current_price: "17.50" }],
      ["keepa", { current_price: "16.50" }],
    ]);
    expect(world.published.map(({ data }) => data)).toEqual([
      expect.objectContaining({ old_price: "19.90", public: false }),
      expect.objectContaining({ old_price: "17.50", public: true }),
    ]);
  });

  it("is not published with an old price whose source may not be published any more", async () => {
    const world = new HistoryWorld(licenceBook({ "creators-api": { history: "Jo Doe agreed on 2026-11-02." } }));
    await hourly(world, [["creators-api", { current_price: "19.90" }]]);
    world.licences = licenceBook();
    await hourly(world, [["keepa", { current_price: "17.50" }]]);
    world.revoked = new Set(["keepa"]);
    await hourly(world, [["sp-api", { current_price: "15.00" }]]);
    expect(world.published).toEqual([]);
  });

  it("comes again as the same event when the bus refused it, and is then recorded", async () => {
    const world = new HistoryWorld();
    await hourly(world, [["keepa", { current_price: "19.90" }]]);
    await world.fetch("keepa", { current_price: "17.50" });
    const tried: unknown[] = [];
    world.bus = async (events) => {
      tried.push(...events);
      if (tried.length === 1) throw new TransientError("the bus is away");
    };
    await expect(world.deliver()).rejects.toThrow("away");
    expect(await world.series("current_price")).toEqual([[0, "19.90"]]);
    await world.deliver();
    expect(tried).toHaveLength(2);
    expect(tried[1]).toEqual(tried[0]);
    expect(await world.series("current_price")).toEqual([
      [0, "19.90"],
      [1, "17.50"],
    ]);
  });
});

describe("a product that is not sold any more", () => {
  it("is published when a source says so, once", async () => {
    const world = new HistoryWorld();
    await hourly(world, [
      ["keepa", { availability_type: "in_stock" }],
      ["keepa", { availability_type: "unavailable", status: "unavailable" }],
      ["keepa", { availability_type: "unavailable", status: "unavailable" }],
    ]);
    expect(world.published.map(({ name, data }) => [name, data])).toEqual([
      [
        "ProductBecameUnavailable",
        expect.objectContaining({ asin: ASIN, region: REGION, previous_availability: "in_stock" }),
      ],
    ]);
  });

  it("is published when all sources miss it, and not when its availability is only not known any more", async () => {
    const world = new HistoryWorld();
    await hourly(world, [
      ["keepa", { availability_type: "in_stock" }],
      ["keepa", { availability_type: null }],
      ["keepa", { availability_type: "in_stock" }],
      ["keepa", { availability_type: null, status: "unavailable" }],
    ]);
    expect(world.published.map(({ name }) => name)).toEqual(["ProductBecameUnavailable"]);
  });

  it("is published when all sources miss it and another spoke of it last, for that is no word of one of them", async () => {
    const world = new HistoryWorld();
    await hourly(world, [
      ["keepa", { availability_type: "in_stock" }],
      ["creators-api", { availability_type: "in_stock", status: "unavailable" }],
    ]);
    expect(world.published.map(({ name }) => name)).toEqual(["ProductBecameUnavailable"]);
  });

  it("is not published by the word of a source without history, fresh or ended", async () => {
    for (const delayMs of [0, 30 * HOUR_MS]) {
      const world = new HistoryWorld();
      await hourly(world, [["keepa", { availability_type: "in_stock" }]]);
      await world.fetch("creators-api", { availability_type: "unavailable", status: "unavailable" });
      world.nowMs += delayMs;
      await world.deliver();
      expect(world.published).toEqual([]);
    }
  });

  it("is not published with what a source said before that may not be published any more", async () => {
    const world = new HistoryWorld();
    await hourly(world, [["keepa", { availability_type: "in_stock" }]]);
    world.revoked = new Set(["keepa"]);
    await hourly(world, [["sp-api", { availability_type: "unavailable", status: "unavailable" }]]);
    expect(world.published).toEqual([]);
  });
});
