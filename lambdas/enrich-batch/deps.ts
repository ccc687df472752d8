import { createDocumentClient, createS3Client, createSqsClient } from "../common/adapters/aws/aws-clients.ts";
import { instanceRegion } from "../common/adapters/aws/instance-region.ts";
import { instanceUsage } from "../common/adapters/aws/instance-usage.ts";
import type { ProductStore } from "../common/adapters/dynamodb/products/product-store.ts";
import { SqsConsumedQueue } from "../common/adapters/sqs/sqs-consumed-queue.ts";
import type { UsageMeter } from "../common/core/cost/usage-meter.ts";
import type { LicenceBook } from "../common/core/licences/licence-book.ts";
import type { ConsumedQueue, ReceivingQueue } from "../common/platform/sqs/consumed-queue.ts";
import type { Dispatcher } from "../common/services/dispatch/dispatcher.ts";
import { buildProductStore } from "../common/services/wiring/products/product-store.ts";
import { type BatchQueues, buildBatchQueues } from "../common/services/wiring/runs/batch-queues.ts";
import { buildDispatcher } from "../common/services/wiring/runs/dispatcher.ts";
import { buildRunStores, type RunStores } from "../common/services/wiring/runs/run-stores.ts";
import { buildWakeHeld, type WakeHeld } from "../common/services/wiring/runs/wake-held.ts";
import { buildSourceChain } from "../common/services/wiring/sources/source-chain.ts";
import { buildWorkerContext, type WorkerContext } from "../common/services/wiring/worker-context.ts";
import { Closings } from "./closings.ts";
import type { EnrichProducts } from "./enrich/enrich-port.ts";
import { createEnrichProducts } from "./enrich/enrich-products.ts";
import type { Env } from "./env.ts";

/** What `enrich-batch` works with. */
export interface Deps extends WorkerContext, RunStores, Pick<BatchQueues, "batchQueue"> {
  readonly products: ProductStore;
  readonly licences: LicenceBook;
  readonly dispatcher: Dispatcher;
  readonly enrich: EnrichProducts;
  readonly closings: Closings;
  readonly wakeHeld: WakeHeld;
  /** The queue that this function reads. */
  readonly ownQueueUrl: string;
  readonly ownQueue: ConsumedQueue & Pick<SqsConsumedQueue, "changeVisibilities">;
  /** Where further messages are received from while calls wait for their slots; absent: nowhere. */
  readonly companyQueue?: ReceivingQueue | undefined;
  readonly functionTimeoutMs: number;
  /** Counts what runs use beside requests to AWS by this function. */
  readonly usage: Pick<UsageMeter, "count">;
  /** AWS region, by which runs are priced. */
  readonly region: string;
  /** Which products that ended have events. */
  readonly productEvents: Env["PRODUCT_EVENTS"];
}

/** Wires the function once per cold start. */
export const buildDeps = (env: Env): Deps => {
  const clients = { documents: createDocumentClient(), s3: createS3Client(), sqs: createSqsClient() };
  const { documents, s3 } = clients;
  const context = buildWorkerContext(env);
  const { clock, newId, log, meter } = context;
  const { products, licences, revoked } = buildProductStore(env, { documents, clock, log });
  const { batchQueue, queues } = buildBatchQueues(env, clients);
  const ownQueueUrl = queues[env.PRIORITY];
  const ownQueue = new SqsConsumedQueue(clients.sqs, ownQueueUrl);
  const closings = new Closings();
  const onClosed = () => closings.note();
  return {
    ...context,
    ...buildRunStores(env, { documents }),
    batchQueue,
    products,
    licences,
    dispatcher: buildDispatcher(env, { ...clients, ...context }),
    enrich: createEnrichProducts({
      ...buildSourceChain(env, { documents, s3, clock, newId, log, revoked, onClosed }),
      products,
      priority: env.PRIORITY,
      upstreamTimeoutMs: env.UPSTREAM_TIMEOUT_MS,
      clock,
      log,
      meter,
      usage: instanceUsage,
    }),
    closings,
    wakeHeld: buildWakeHeld(env, { ...clients, clock, log }),
    ownQueueUrl,
    ownQueue,
    companyQueue: ownQueue,
    functionTimeoutMs: env.FUNCTION_TIMEOUT_SECONDS * 1_000,
    usage: instanceUsage,
    region: instanceRegion,
    productEvents: env.PRODUCT_EVENTS,
  };
};
