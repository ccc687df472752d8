import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DeleteMessageCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { ScanCommand } from "@aws-sdk/lib-dynamodb";
import type { SQSRecord } from "aws-lambda";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createS3Client } from "../../../lambdas/common/adapters/aws/aws-clients.ts";
import { SqsConsumedQueue } from "../../../lambdas/common/adapters/sqs/sqs-consumed-queue.ts";
import { batchMessageFor } from "../../../lambdas/common/core/batches/message-for-row.ts";
import { licenceBook } from "../../../lambdas/common/core/licences/licence-book.ts";
import type { RunRow } from "../../../lambdas/common/core/runs/run-row.ts";
import { newId } from "../../../lambdas/common/platform/new-id.ts";
import type { Dispatcher } from "../../../lambdas/common/services/dispatch/dispatcher.ts";
import type { ProductOutcome } from "../../../lambdas/common/services/enrich/product-outcome.ts";
import {
  buildCatalogStores,
  type CatalogStores,
} from "../../../lambdas/common/services/wiring/catalogs/catalog-stores.ts";
import { buildProductStore } from "../../../lambdas/common/services/wiring/products/product-store.ts";
import { buildBatchQueues } from "../../../lambdas/common/services/wiring/runs/batch-queues.ts";
import { buildDispatcher } from "../../../lambdas/common/services/wiring/runs/dispatcher.ts";
import { buildRunStores } from "../../../lambdas/common/services/wiring/runs/run-stores.ts";
import { Closings } from "../../../lambdas/enrich-batch/closings.ts";
import type { Deps } from "../../../lambdas/enrich-batch/deps.ts";
import type { EnrichProducts } from "../../../lambdas/enrich-batch/enrich/enrich-port.ts";
import { createHandler } from "../../../lambdas/enrich-batch/handler.ts";
import { type RunningEmulator, startEmulator } from "../../../local/emulator/start-emulator.ts";
import { createQueue, createStatusTables, localClients } from "../../helpers/memory/status-tables.ts";
import { Mortal } from "../../helpers/mortal.ts";
import { aCatalog, aRun, asinNumber } from "../../helpers/rows.ts";
import { silentLog, silentMeter, silentUsage } from "../../helpers/silent.ts";

const PRODUCTS = 12;
const BATCH_SIZE = 6;
const VISIBILITY_SECONDS = 2;
const FUNCTION_TIMEOUT_MS = 60_000;

/** Every third product fails, every second of the others needs a second visit. */
const verdictOf = (asin: string, visit: number): ProductOutcome["result"] => {
  const number = Number(asin.slice(2));
  if (number % 3 === 0) return { kind: "failed", code: "ItemNotAccessible" };
  if (number % 2 === 0 && visit === 1) return { kind: "wait", retryAtMs: 0, shortCall: false };
  return { kind: "enriched", source: "creators-api", fromCache: false, incomplete: false };
};
const FAILED = PRODUCTS / 3;

const POINTS = [
  "after the upstream call",
  "after sending the continuation",
  "after the transaction",
  "before the acknowledgement",
] as const;
type DyingPoint = (typeof POINTS)[number];

let emulator: RunningEmulator;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "enrichline-crash-"));
  emulator = await startEmulator({ dir: folder, port: 0 });
}, 180_000);

afterAll(async () => {
  await emulator.stop();
  await rm(folder, { recursive: true, force: true });
});

/** The clock in our hands is not the queue's, so what would be hidden for a minute is hidden for moments. */
class ImpatientQueue extends SqsConsumedQueue {
  override changeVisibility(handle: string, seconds: number): Promise<void> {
    return super.changeVisibility(handle, Math.min(seconds, VISIBILITY_SECONDS));
  }

  override changeVisibilities(handles: readonly string[], seconds: number): Promise<void> {
    return super.changeVisibilities(handles, Math.min(seconds, VISIBILITY_SECONDS));
  }
}

/** A run on real tables and a real queue, with the clock in our hands and consumers that can be killed. */
class World {
  readonly clients = localClients(emulator.url);
  readonly visits = new Map<string, number>();
  skewMs = 0;
  tables!: Awaited<ReturnType<typeof createStatusTables>>;
  queue = "";
  run!: RunRow;
  readonly clock = {
    now: () => Date.now() + this.skewMs,
    sleep: (ms: number) => new Promise<void>((done) => setTimeout(done, ms)),
  };

  async open(): Promise<void> {
    const name = newId(8);
    this.tables = await createStatusTables(this.clients.dynamo, name);
    this.queue = await createQueue(this.clients.sqs, name, VISIBILITY_SECONDS);
    const segments = [{ marketplace: "www.amazon.com", key: "products", index_key: "index", products: PRODUCTS }];
    const template = aRun();
    this.run = aRun({
      uploaded: PRODUCTS,
      pending: PRODUCTS,
      batches: PRODUCTS / BATCH_SIZE,
      dispatched: 0,
      segments,
      options: { ...template.options, batch_size: BATCH_SIZE },
    });
    await this.stores.catalogs.createCatalogWithRun(aCatalog({ segments }), this.run);
    await this.dispatcher.dispatch(this.run, this.run.batches);
  }

  get env() {
    return {
      STAGE: "test",
      STATUS_TABLE_NAME: this.tables.status,
      FAILURES_TABLE_NAME: this.tables.failures,
      BUCKET_NAME: "files",
      ENRICH_QUEUE_URL: this.queue,
      EXPRESS_QUEUE_URL: this.queue,
      SOURCES: [],
      DISPATCH_WINDOW_SECONDS: 60,
    };
  }

  get stores(): CatalogStores {
    return buildCatalogStores(this.env, this.clients);
  }

  get dispatcher(): Dispatcher {
    const parts = { ...this.clients, s3: createS3Client(), clock: this.clock, newId, log: silentLog };
    return buildDispatcher(this.env, parts, {
      products: {
        read: async (_segment, from, count) =>
          Array.from({ length: count }, (_, n) => ({ asin: asinNumber(from + n + 1) })),
      },
      onUnreadable: ({ error }) => {
        throw error;
      },
      windowProducts: 1_000,
    });
  }

  readonly enrich: EnrichProducts = async ({ products, deliver }) =>
    deliver({
      blockedBy: [],
      outcomes: new Map(
        products.map(({ key, asin }) => {
          const visit = (this.visits.get(asin) ?? 0) + 1;
          this.visits.set(asin, visit);
          return [key, { result: verdictOf(asin, visit) }];
        }),
      ),
    });

  /** Delivers what the queue has to one consumer, which dies at the given point if there is one. */
  async deliver(point?: DyingPoint): Promise<number> {
    const { Messages = [] } = await this.clients.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: this.queue,
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: 1,
        MessageSystemAttributeNames: ["ApproximateReceiveCount"],
      }),
    );
    if (Messages.length === 0) return 0;
    const process = new Mortal();
    const at = <Name extends string>(when: DyingPoint, method: Name) => (point === when ? { method } : undefined);
    const holder = process.wrap({ enrich: this.enrich }, at("after the upstream call", "enrich"));
    const { documents } = this.clients;
    const stores = buildRunStores(this.env, { documents });
    const { batchQueue } = buildBatchQueues(this.env, this.clients);
    const deps: Deps = {
      runs: process.wrap(stores.runs),
      batches: process.wrap(stores.batches),
      recorder: process.wrap(stores.recorder, at("after the transaction", "record")),
      products: process.wrap(
        buildProductStore(
          {
            PRODUCTS_TABLE_NAME: this.tables.products,
            LICENCE_ACKNOWLEDGEMENTS: {},
            CONTENT_ENDS_TABLE_NAME: this.tables.contentEnds,
          },
          { documents, clock: this.clock, log: silentLog },
        ).products,
      ),
      failures: process.wrap(stores.failures),
      licences: licenceBook(),
      batchQueue: process.wrap(batchQueue, at("after sending the continuation", "send")),
      dispatcher: process.wrap(this.dispatcher),
      enrich: holder.enrich,
      closings: new Closings(),
      wakeHeld: async () => 0,
      ownQueueUrl: this.queue,
      ownQueue: process.wrap(new ImpatientQueue(this.clients.sqs, this.queue)),
      functionTimeoutMs: FUNCTION_TIMEOUT_MS,
      clock: this.clock,
      newId,
      log: silentLog,
      meter: silentMeter,
      usage: silentUsage,
      region: "us-east-1",
      productEvents: "all",
    };
    const Records = Messages.map((message) => ({
      messageId: message.MessageId,
      receiptHandle: message.ReceiptHandle,
      body: message.Body,
      attributes: { ApproximateReceiveCount: message.Attributes?.ApproximateReceiveCount },
    })) as SQSRecord[];
    const answer = await Promise.race([
      createHandler(deps)({ Records }, { getRemainingTimeInMillis: () => FUNCTION_TIMEOUT_MS }),
      process.died,
    ]);
    if (answer === "died" || point === "before the acknowledgement") return Messages.length;
    const failed = new Set(answer.batchItemFailures.map((failure) => failure.itemIdentifier));
    for (const message of Messages) {
      if (failed.has(message.MessageId ?? "")) continue;
      await this.acknowledge(message.ReceiptHandle);
    }
    return Messages.length;
  }

  /** A message that became visible again meanwhile cannot be deleted any more: it is simply delivered again. */
  async acknowledge(ReceiptHandle: string | undefined): Promise<void> {
    try {
      await this.clients.sqs.send(new DeleteMessageCommand({ QueueUrl: this.queue, ReceiptHandle }));
    } catch (error) {
      if (!(error instanceof Error && error.name === "ReceiptHandleIsInvalid")) throw error;
    }
  }

  async readRun(): Promise<RunRow> {
    const run = await this.stores.runs.getRun(this.run.catalog_id, this.run.batch_id);
    if (!run) throw new Error("the run is gone");
    expect(run.enriched + run.failed + run.pending + run.cancelled).toBe(PRODUCTS);
    return run;
  }

  /** Delivers until the run is closed, giving leases time to end. */
  async finish(): Promise<RunRow> {
    for (let round = 0; round < 30; round += 1) {
      const run = await this.readRun();
      if (run.open_shard === undefined) return run;
      await this.deliver();
      this.skewMs += 10_000;
    }
    throw new Error("the run did not end");
  }
}

// Each has a world of its own, so they run side by side.
describe.concurrent("a consumer that dies", () => {
  it.each(POINTS)("%s leaves counts that end exact", async (point) => {
    const world = new World();
    await world.open();
    expect(await world.deliver(point)).toBeGreaterThan(0);
    await world.readRun();
    // The dead consumer's lease ends, and its messages come back.
    world.skewMs += FUNCTION_TIMEOUT_MS + 20_000;
    await world.clock.sleep(VISIBILITY_SECONDS * 1_000 + 200);
    const run = await world.finish();
    expect(run).toMatchObject({
      state: "completed_with_failures",
      enriched: PRODUCTS - FAILED,
      failed: FAILED,
      pending: 0,
      settled: PRODUCTS / BATCH_SIZE,
      by_source: { "creators-api": PRODUCTS - FAILED },
      failure_counts: { ItemNotAccessible: FAILED },
    });
    const { Items: failures = [] } = await world.clients.documents.send(
      new ScanCommand({ TableName: world.tables.failures }),
    );
    expect(failures).toHaveLength(FAILED);
    world.clients.close();
  });

  it("at several points one after the other still leaves exact counts", async () => {
    const world = new World();
    await world.open();
    for (const point of POINTS) {
      await world.deliver(point);
      await world.readRun();
      world.skewMs += FUNCTION_TIMEOUT_MS + 20_000;
      await world.clock.sleep(VISIBILITY_SECONDS * 1_000 + 1_200);
    }
    expect(await world.finish()).toMatchObject({ enriched: PRODUCTS - FAILED, failed: FAILED, pending: 0 });
    world.clients.close();
  });

  it("is not needed for a message to come twice: late and repeated messages change nothing", async () => {
    const world = new World();
    await world.open();
    await world.deliver("before the acknowledgement");
    const done = await world.finish();
    const { items } = await world.stores.runs.listBatches(world.run.catalog_id, world.run.batch_id, { limit: 10 });
    const late = items.flatMap((row) => [row, { ...row, generation: 1 }]);
    await buildBatchQueues(world.env, world.clients).batchQueue.send(
      world.queue,
      late.map((row) => ({ message: batchMessageFor(row), delaySeconds: 0 })),
    );
    let delivered = 0;
    for (let round = 0; round < 10 && delivered < late.length; round += 1) delivered += await world.deliver();
    expect(delivered).toBeGreaterThanOrEqual(late.length);
    expect(await world.readRun()).toEqual(done);
    world.clients.close();
  });
});
