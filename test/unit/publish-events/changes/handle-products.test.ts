import { PutCommand } from "@aws-sdk/lib-dynamodb";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TransientError } from "../../../../lambdas/common/core/errors.ts";
import { licenceBook } from "../../../../lambdas/common/core/licences/licence-book.ts";
import { testRuns } from "../../../helpers/test-runs.ts";
import { testSeed } from "../../../helpers/test-seed.ts";
import { HistoryWorld, KEY, streamEvent } from "./history-world.ts";

const HOUR_MS = 3_600_000;
const SEED = testSeed("history");

describe("the history of a product", () => {
  it("has a row for each change, and an unchanged refresh costs one write: that of the product", async () => {
    const world = new HistoryWorld();
    for (const price of ["19.90", "19.90", "17.50", "17.50", "17.50"]) {
      world.writes = 0;
      const rows = world.dynamo.items("product-history").length;
      await world.fetch("keepa", { current_price: price });
      await world.deliver();
      const isChange = rows === 0 || world.dynamo.items("product-history").length > rows;
      if (!isChange) expect(world.writes).toBe(1);
      world.nowMs += HOUR_MS;
    }
    expect(await world.series("current_price")).toEqual([
      [0, "19.90"],
      [2, "17.50"],
    ]);
    expect(await world.series("title")).toEqual([[0, "Desk lamp"]]);
    // Price, availability, title; the new price; and what was recorded last.
    expect(world.dynamo.items("product-history")).toHaveLength(5);
  });

  it("records nothing of a source whose licence has no history, and has a gap while only that one gives the field", async () => {
    const world = new HistoryWorld();
    await world.fetch("creators-api", { current_price: "20.00" });
    await world.deliver();
    expect(world.dynamo.items("product-history")).toEqual([]);
    for (const [source, current_price] of [
      ["keepa", "18.00"],
      ["creators-api", "17.00"],
      ["keepa", "18.00"],
    ] as const) {
      world.nowMs += HOUR_MS;
      await world.fetch(source, { current_price });
      await world.deliver();
    }
    expect(await world.series("current_price")).toEqual([
      [1, "18.00"],
      [2, null],
      [3, "18.00"],
    ]);
    expect(JSON.stringify(world.dynamo.items("product-history"))).not.toMatch(/20\.00|17\.00/);
  });

  it("ends where a value ended by its licence, when the stage has an agreement for its history", async () => {
    const world = new HistoryWorld(licenceBook({ "creators-api": { history: "Jo Doe agreed on 2026-11-02." } }));
    await world.fetch("creators-api", { current_price: "20.00" });
    await world.deliver();
    world.nowMs += 30 * HOUR_MS;
    // What the sweep writes.
    await world.deliver();
    expect(await world.series("current_price")).toEqual([
      [0, "20.00"],
      [24, null],
    ]);
  });

  it("is the same for any order, repetition and loss of all but the last delivery, and for workers at the same time", async () => {
    const price = fc.constantFrom("1.00", "2.00", null);
    const step = fc.record({
      ...{ price, source: fc.constantFrom("keepa", "creators-api" as const) },
      ...{ delivered: fc.integer({ min: 0, max: 3 }), atOnce: fc.boolean() },
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
        const world = new HistoryWorld();
        const expected: [number, string | null][] = [];
        for (const [hour, { price: current_price, source, delivered, atOnce }] of steps.entries()) {
          world.nowMs += HOUR_MS;
          await world.fetch(source, { current_price });
          const deliveries = Array.from({ length: delivered }, () => () => world.deliver(streamEvent(KEY, KEY)));
          if (atOnce) {
            // Who comes second may be refused; the stream delivers to it again.
            const all = await Promise.allSettled(deliveries.map((deliver) => deliver()));
            for (const one of all) if (one.status === "rejected") expect(one.reason).toBeInstanceOf(TransientError);
            if (delivered > 0) await world.deliver();
          } else for (const deliver of deliveries) await deliver();
          const seen = source === "keepa" ? current_price : null;
          if (delivered > 0 && (expected.at(-1)?.[1] ?? null) !== seen) expected.push([hour + 1, seen]);
        }
        expect(await world.series("current_price")).toEqual(expected);
      }),
      { seed: SEED, numRuns: testRuns(40) },
    );
  });

  it("keeps what other products of a batch changed when one cannot be recorded, which comes again", async () => {
    const world = new HistoryWorld();
    await world.fetch("keepa", {});
    await world.fetch("keepa", { product_id: "www.amazon.com#B000000002", asin: "B000000002" });
    const { history } = world;
    const failing: Pick<typeof history, "latest" | "record"> = {
      latest: (keys) => history.latest(keys),
      record: async (key, ...rest) => {
        if (key === KEY) throw new TransientError("busy");
        await history.record(key, ...rest);
      },
    };
    const event = streamEvent(KEY, "www.amazon.com#B000000002");
    await expect(world.deliver(event, failing)).rejects.toThrow("busy");
    expect(world.dynamo.items("product-history").map(({ product_key }) => product_key)).not.toContain(KEY);
    await world.deliver(event);
    expect(await world.series("title")).toEqual([[0, "Desk lamp"]]);
  });

  it("loses what a revoked source said, all of it and nothing else, and has a gap from then on", async () => {
    const world = new HistoryWorld();
    for (const [source, price] of [
      ["sp-api", "9.00"],
      ["keepa", "8.00"],
      ["keepa", "7.00"],
    ] as const) {
      await world.fetch(source, { current_price: price });
      await world.deliver();
      world.nowMs += HOUR_MS;
    }
    let after: string | null = null;
    let removed = 0;
    do {
      const part = await world.history.removeSource("keepa", after, world.nowMs);
      removed += part.removed;
      after = part.next;
    } while (after !== null);
    // Two prices.
    expect(removed).toBe(2);
    expect(JSON.stringify(world.dynamo.items("product-history"))).not.toMatch(/[78]\.00|keepa/);
    expect(await world.series("current_price")).toEqual([
      [0, "9.00"],
      [3, null],
    ]);
  });

  const OTHER = "www.amazon.com#B000000002";
  const other = { product_id: OTHER, asin: "B000000002" };

  it("of a product whose last record cannot be read is left alone, logged and counted, and holds up no other", async () => {
    const world = new HistoryWorld();
    await world.fetch("keepa", {});
    await world.deliver();
    await world.fetch("keepa", other);
    const Item = { product_key: KEY, changed_at_field: "latest", version: "none of ours" };
    await world.dynamo.client().send(new PutCommand({ TableName: "product-history", Item }));
    await world.fetch("keepa", { current_price: "17.50" });
    await world.deliver(streamEvent(KEY, OTHER));
    expect(world.failed).toEqual([
      "PublishFailures",
      "what was recorded last of a product cannot be read and its changes are not",
    ]);
    const rows = world.dynamo.items("product-history");
    expect(rows.find((row) => row.product_key === KEY && row.changed_at_field === "latest")).toEqual(Item);
    expect(rows.some((row) => row.product_key === OTHER && row.changed_at_field === "latest")).toBe(true);
  });

  it("is not touched by events that are none of the stream, which are refused", async () => {
    const world = new HistoryWorld();
    for (const event of [
      {},
      { Records: [{ dynamodb: {} }] },
      { Records: [{ dynamodb: { Keys: { other: { S: "x" } } } }] },
    ]) {
      await expect(world.deliver(event)).rejects.toThrow(/stream/);
    }
  });
});
