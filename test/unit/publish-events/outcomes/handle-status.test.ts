import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { describe, expect, it } from "vitest";
import { FailureStore } from "../../../../lambdas/common/adapters/dynamodb/failures/failure-store.ts";
import type { BatchItem, BatchRow } from "../../../../lambdas/common/core/batches/batch-row.ts";
import { EVENT_SYSTEM } from "../../../../lambdas/common/core/catalogs/system-owner.ts";
import { EVENT_SCHEMAS } from "../../../../lambdas/common/core/contract/events/event-schemas.ts";
import type { RunRow } from "../../../../lambdas/common/core/runs/run-row.ts";
import { createHandler } from "../../../../lambdas/publish-events/handler.ts";
import { MemoryDynamo } from "../../../helpers/memory/memory-dynamo.ts";
import { aProduct } from "../../../helpers/products.ts";
import { aBatch, anItem, aRun, asinNumber } from "../../../helpers/rows.ts";

import { at, record, StatusWorld } from "./status-world.ts";

const settled = (changes: readonly Partial<BatchItem>[], batch: Partial<BatchRow> = {}): BatchRow =>
  aBatch({
    items: changes.map((change, index) => anItem({ asin: asinNumber(index + 1), ...change })),
    ...{ version: 3, work_began_at: at(1_000), updated_at: at(3_500) },
    ...batch,
  });
const request = { id: "r-1", retry_count: 2, correlation_id: "corr-of-request" };

describe("a product that was enriched", () => {
  it("is published with its request, and one without a request with the run that it belongs to", async () => {
    const world = new StatusWorld();
    await world.deliver(
      record(aBatch(), settled([{ state: "enriched", request }, { state: "enriched" }, { state: "pending" }])),
    );
    expect(world.published).toEqual([
      {
        name: "ProductEnriched",
        identity: ["enrich_cat_1_1#0000001", asinNumber(1), 3],
        time: at(3_500),
        correlation_id: "corr-of-request",
        data: {
          ...{ asin: asinNumber(1), region: "www.amazon.com", request_id: "r-1", color_variants: null },
          ...{ processing_ms: 2_500, enriched_at: at(3_500) },
        },
      },
      expect.objectContaining({
        correlation_id: "corr-1",
        data: expect.objectContaining({ asin: asinNumber(2), request_id: "enrich_cat_1_1" }),
      }),
    ]);
    for (const { name, data } of world.published) expect(EVENT_SCHEMAS[name].safeParse(data).success).toBe(true);
  });

  it("is the same event when the same record comes twice, and none when only others of its batch changed", async () => {
    const world = new StatusWorld();
    const first = settled([{ state: "enriched" }, {}, {}]);
    const one = record(aBatch(), first);
    await world.deliver(one);
    await world.deliver(one);
    expect(world.published[1]).toEqual(world.published[0]);
    await world.deliver(record(first, settled([{ state: "enriched" }, { state: "enriched" }, {}], { version: 4 })));
    expect(world.published.map(({ data }) => "asin" in data && data.asin)).toEqual([
      ...[asinNumber(1), asinNumber(1), asinNumber(2)],
    ]);
  });

  const variants = [
    { color_name: "Red", asin: asinNumber(7), images: [] },
    { color_name: "Blue", asin: asinNumber(8), images: [] },
  ];
  const withColours = async (world: StatusWorld) => {
    world.products = [aProduct({ product_id: `www.amazon.com#${asinNumber(1)}`, asin: asinNumber(1), variants })];
    await world.deliver(record(aBatch(), settled([{ state: "enriched" }, {}, {}], { include_variations: true })));
    const [event] = world.published;
    return event?.name === "ProductEnriched" ? event.data.color_variants : undefined;
  };

  it("names its colour variants by ASIN; their colours only where the licence lets an archive keep them", async () => {
    expect(await withColours(new StatusWorld())).toEqual([
      { asin: asinNumber(7), color_name: null },
      { asin: asinNumber(8), color_name: null },
    ]);
    const agreed = new StatusWorld({ "creators-api": { history: "Jo Doe agreed on 2026-11-02." } });
    expect(await withColours(agreed)).toEqual([
      { asin: asinNumber(7), color_name: "Red" },
      { asin: asinNumber(8), color_name: "Blue" },
    ]);
  });

  it("costs no read of the product where no variants were asked for", async () => {
    const world = new StatusWorld();
    await world.deliver(record(aBatch(), settled([{ state: "enriched" }])));
    expect(world.read).toEqual([]);
  });

  it("carries nothing else of the product: no title, price or picture", async () => {
    const world = new StatusWorld();
    await withColours(world);
    expect(JSON.stringify(world.published)).not.toMatch(/Desk lamp|19\.90|images\.example|in_stock/);
  });
});

describe("a product that failed", () => {
  const failed: Partial<BatchItem> = { state: "failed", error_code: "RetriesExhausted", attempts: 4, request };

  it("is published with code, words and the retries of both sides", async () => {
    const world = new StatusWorld();
    world.failures = [{ product_key: `www.amazon.com#${asinNumber(1)}`, message: "the source did not answer" }];
    await world.deliver(record(aBatch(), settled([failed, {}, {}])));
    expect(world.published).toEqual([
      expect.objectContaining({
        name: "ProductEnrichmentFailed",
        data: {
          ...{ asin: asinNumber(1), region: "www.amazon.com", request_id: "r-1", error_code: "RetriesExhausted" },
          ...{ error_message: "the source did not answer", failed_at: at(3_500), retry_count: 5 },
        },
      }),
    ]);
    for (const { name, data } of world.published) expect(EVENT_SCHEMAS[name].safeParse(data).success).toBe(true);
  });

  it("keeps its request when it is reopened and ends again, as another event", async () => {
    const world = new StatusWorld();
    const before = settled([failed, {}, {}]);
    const reopened = settled([{ ...failed, state: "pending", reopened: true }, {}, {}], { version: 4 });
    await world.deliver(record(aBatch(), before), record(before, reopened));
    await world.deliver(record(reopened, settled([{ ...failed, state: "enriched" }, {}, {}], { version: 5 })));
    expect(world.published.map(({ name, data }) => [name, "request_id" in data && data.request_id])).toEqual([
      ["ProductEnrichmentFailed", "r-1"],
      ["ProductEnriched", "r-1"],
    ]);
  });

  it("has words of ours where nothing was recorded of it", async () => {
    const world = new StatusWorld();
    await world.deliver(record(aBatch(), settled([{ state: "failed", error_code: "DEAD_LETTERED" }, {}, {}])));
    expect(world.published[0]?.data).toMatchObject({ error_message: expect.stringContaining("no progress") });
  });
});

describe("a run that ended", () => {
  const done: Partial<RunRow> = { state: "completed", open_shard: undefined, finished_at: at(9_000), pending: 0 };

  it("is published once, with its counts; not while anything of it is open", async () => {
    const world = new StatusWorld();
    const cancelling = aRun({ state: "cancelled", pending: 1 });
    await world.deliver(record(aRun({ state: "running" }), cancelling));
    expect(world.published).toEqual([]);
    await world.deliver(record(aRun(), aRun({ ...done, enriched: 2, failed: 1, state: "completed_with_failures" })));
    await world.deliver(record(aRun(done), aRun({ ...done, updated_at: at(10_000) })));
    expect(world.published).toEqual([
      expect.objectContaining({
        name: "CatalogRunCompleted",
        data: {
          ...{ catalog_id: "cat_1", tracking_id: "enrich_cat_1_1", state: "completed_with_failures" },
          ...{ counts: { products: 3, enriched: 2, failed: 1, cancelled: 0 }, finished_at: at(9_000) },
        },
      }),
    ]);
    for (const { name, data } of world.published) expect(EVENT_SCHEMAS[name].safeParse(data).success).toBe(true);
  });

  it("is another event when it was retried and ends again, and the same one when its record comes twice", async () => {
    const world = new StatusWorld();
    const once = record(aRun(), aRun({ ...done, failed: 1, state: "completed_with_failures" }));
    const again = record(
      aRun(),
      aRun({ ...done, failed: 1, state: "completed_with_failures", finished_at: at(20_000) }),
    );
    await world.deliver(once, once, again);
    const [first, second, third] = world.published.map(({ identity }) => JSON.stringify(identity));
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  it("is not published of the catalogs that hold requests", async () => {
    const world = new StatusWorld();
    await world.deliver(record(aRun({ owner_id: EVENT_SYSTEM }), aRun({ ...done, owner_id: EVENT_SYSTEM })));
    expect(world.published).toEqual([]);
  });
});

describe("the stream of batches and runs", () => {
  it("delivers again what the bus did not take, and nothing of it is lost", async () => {
    const world = new StatusWorld();
    const one = record(aBatch(), settled([{ state: "enriched" }, {}, {}]));
    world.isAway = true;
    await expect(world.deliver(one)).rejects.toThrow("away");
    world.isAway = false;
    await world.deliver(one);
    expect(world.published).toHaveLength(1);
  });

  it("tells nothing of new and deleted rows, and of rows of other types", async () => {
    const world = new StatusWorld();
    const batch = settled([{ state: "enriched" }, {}, {}]);
    const other = { ...batch, row_type: "catalog" } as unknown as BatchRow;
    await world.deliver(record(undefined, batch), record(batch, undefined), record(other, other));
    expect(world.published).toEqual([]);
  });

  it("tells of a failure whose row cannot be read, with our words", async () => {
    const dynamo = new MemoryDynamo({ failures: { keys: ["tracking_id", "product_key"] } });
    const world = new StatusWorld();
    const failed = settled([{ state: "failed", error_code: "NOT_FOUND" }, {}, {}]);
    const Item = { tracking_id: failed.tracking_id, product_key: `${failed.marketplace}#${failed.items[0]?.asin}` };
    await dynamo.client().send(new PutCommand({ TableName: "failures", Item }));
    const failures = new FailureStore(dynamo.client(), "failures");
    await createHandler({ ...world.deps, failures })({ Records: [record(aBatch(), failed)] });
    expect(world.published).toMatchObject([{ data: { error_code: "NOT_FOUND" } }]);
  });

  it("counts a record that cannot be read, and keeps the others", async () => {
    const world = new StatusWorld();
    const broken = { ...settled([{ state: "enriched" }]), items: "none" } as unknown as BatchRow;
    await world.deliver(record(aBatch(), broken), record(aBatch(), settled([{ state: "enriched" }, {}, {}])));
    expect([world.counted, world.published.length]).toEqual([1, 1]);
  });
});
