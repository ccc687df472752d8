import { marshall } from "@aws-sdk/util-dynamodb";
import { describe, expect, it } from "vitest";
import type { BatchItem, BatchRow } from "../../../../lambdas/common/core/batches/batch-row.ts";
import { EVENT_SYSTEM } from "../../../../lambdas/common/core/catalogs/system-owner.ts";
import { EVENT_SCHEMAS } from "../../../../lambdas/common/core/contract/events/event-schemas.ts";
import type { OutgoingEvent } from "../../../../lambdas/common/core/contract/events/outgoing-event.ts";
import { TransientError } from "../../../../lambdas/common/core/errors.ts";
import { licenceBook } from "../../../../lambdas/common/core/licences/licence-book.ts";
import type { Product } from "../../../../lambdas/common/core/products/product.ts";
import type { RunRow } from "../../../../lambdas/common/core/runs/run-row.ts";
import { type WebhookMessage, WebhookMessageSchema } from "../../../../lambdas/common/core/webhooks/webhook-message.ts";
import type { Deps } from "../../../../lambdas/publish-events/deps.ts";
import { createHandler } from "../../../../lambdas/publish-events/handler.ts";
import { aProduct } from "../../../helpers/products.ts";
import { aBatch, anItem, aRun, asinNumber, NOON } from "../../../helpers/rows.ts";
import { silentLog } from "../../../helpers/silent.ts";

const at = (ms: number): string => new Date(NOON + ms).toISOString();

const record = (before: BatchRow | RunRow | undefined, after: BatchRow | RunRow | undefined) => ({
  eventName: before ? "MODIFY" : "INSERT",
  dynamodb: {
    SequenceNumber: "1",
    Keys: marshall({ catalog_id: "cat_1", batch_id: "x" }),
    ...(before ? { OldImage: marshall(before, { removeUndefinedValues: true }) } : {}),
    ...(after ? { NewImage: marshall(after, { removeUndefinedValues: true }) } : {}),
  },
});

class StatusWorld {
  readonly published: OutgoingEvent[] = [];
  readonly read: string[] = [];
  products: readonly Product[] = [];
  failures: readonly { readonly product_key: string; readonly message: string }[] = [];
  counted = 0;
  isAway = false;
  /** What was sent to the queue of webhooks. */
  readonly handedOn: WebhookMessage[] = [];
  isQueueAway = false;
  hasWebhooks = true;
  readonly deps: Deps;

  constructor(acknowledged: Parameters<typeof licenceBook>[0] = {}) {
    const never = () => Promise.reject(new Error("the stream of products is another one"));
    this.deps = {
      products: {
        getMany: async (keys: readonly string[]) => {
          this.read.push(...keys);
          return new Map(this.products.map((product) => [product.product_id, product]));
        },
      },
      failures: {
        getMany: async (tracking_id: string) => this.failures.map((row) => ({ tracking_id, ...row }) as never),
      },
      bus: {
        publish: async (events) => {
          if (this.isAway) throw new TransientError("the bus is away");
          this.published.push(...events);
        },
      },
      webhooks: {
        send: async (messages) => {
          if (this.isQueueAway) throw new TransientError("the queue is away");
          this.handedOn.push(...messages.map(({ message }) => message));
        },
      },
      licences: licenceBook(acknowledged),
      history: { latest: never },
      sinks: [{ take: never }],
      log: silentLog,
      meter: {
        ...{ duration: () => undefined, gauge: () => undefined, flush: () => undefined },
        count: (_: string, value: number) => {
          this.counted += value;
        },
      },
    };
  }

  deliver(...records: unknown[]): Promise<void> {
    const { webhooks, ...others } = this.deps;
    return createHandler({ ...others, webhooks: this.hasWebhooks ? webhooks : undefined })({ Records: records });
  }
}

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

  it("is not published of the catalogs that hold requests", async () => {
    const world = new StatusWorld();
    await world.deliver(record(aRun({ owner_id: EVENT_SYSTEM }), aRun({ ...done, owner_id: EVENT_SYSTEM })));
    expect(world.published).toEqual([]);
  });
});

describe("what webhooks are handed of runs", () => {
  const done: Partial<RunRow> = { state: "completed", open_shard: undefined, finished_at: at(9_000), pending: 0 };
  const failing = (sequence: number, count: number) =>
    aRun({ state: "running", sequence, failure_counts: { NOT_FOUND: count, OTHER: 1 }, failure_groups: undefined });

  it("are ends and groups of failures, once a batch of records, as keys and counts", async () => {
    const world = new StatusWorld();
    await world.deliver(
      record(aRun(), failing(2, 9)),
      record(failing(2, 9), failing(3, 10)),
      record(failing(3, 10), failing(4, 12)),
      record(aRun({ batch_id: "enrich_cat_1_2" }), aRun({ ...done, batch_id: "enrich_cat_1_2", enriched: 3 })),
    );
    expect(world.handedOn).toEqual([
      {
        ...{ version: 1, kind: "run" },
        run: {
          ...{ catalog_id: "cat_1", batch_id: "enrich_cat_1_2", owner_id: "user-1", state: "completed", uploaded: 3 },
          ...{ enriched: 3, failed: 0, cancelled: 0, failure_counts: {}, failure_groups: {}, finished_at: at(9_000) },
        },
      },
      { version: 1, kind: "run", run: expect.objectContaining({ failure_counts: { NOT_FOUND: 12, OTHER: 1 } }) },
    ]);
    for (const message of world.handedOn) expect(WebhookMessageSchema.parse(message)).toEqual(message);
  });

  it("is nothing of a run that goes on with few failures, of requests of other systems, and where a stage has none", async () => {
    const world = new StatusWorld();
    const ended = { ...done, owner_id: EVENT_SYSTEM };
    await world.deliver(record(aRun(), failing(2, 9)), record(aRun({ owner_id: EVENT_SYSTEM }), aRun(ended)));
    expect(world.handedOn).toEqual([]);
    const without = new StatusWorld();
    without.hasWebhooks = false;
    await without.deliver(record(aRun(), aRun(done)));
    expect([without.handedOn.length, without.published.length]).toEqual([0, 1]);
  });

  it("comes again when the queue did not take it, and is not held up by the bus, nor the bus by the queue", async () => {
    const world = new StatusWorld();
    const one = record(aRun(), aRun(done));
    world.isQueueAway = true;
    await expect(world.deliver(one)).rejects.toThrow("the queue is away");
    expect([world.handedOn.length, world.published.length]).toEqual([0, 1]);
    world.isQueueAway = false;
    world.isAway = true;
    await expect(world.deliver(one)).rejects.toThrow("the bus is away");
    expect(world.handedOn).toHaveLength(1);
    world.isAway = false;
    await world.deliver(one);
    expect(world.handedOn[1]).toEqual(world.handedOn[0]);
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

  it("counts a record that cannot be read, and keeps the others", async () => {
    const world = new StatusWorld();
    const broken = { ...settled([{ state: "enriched" }]), items: "none" } as unknown as BatchRow;
    await world.deliver(record(aBatch(), broken), record(aBatch(), settled([{ state: "enriched" }, {}, {}])));
    expect([world.counted, world.published.length]).toEqual([1, 1]);
  });
});
