import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { createS3Client, createSqsClient } from "../../../../lambdas/common/adapters/aws/aws-clients.ts";
import { OrphanedRows } from "../../../../lambdas/common/adapters/dynamodb/enrichment-status/orphaned-rows.ts";
import { FailingRuns } from "../../../../lambdas/common/adapters/dynamodb/failures/failing-runs.ts";
import { FailureGroupStore } from "../../../../lambdas/common/adapters/dynamodb/failures/failure-group-store.ts";
import type { QueuedBatch } from "../../../../lambdas/common/adapters/sqs/batch-queue.ts";
import type { Clock } from "../../../../lambdas/common/core/clock.ts";
import type { RunRow } from "../../../../lambdas/common/core/runs/run-row.ts";
import type { ProductOutcome } from "../../../../lambdas/common/services/enrich/product-outcome.ts";
import { buildCatalogStores } from "../../../../lambdas/common/services/wiring/catalogs/catalog-stores.ts";
import { buildDispatcher } from "../../../../lambdas/common/services/wiring/runs/dispatcher.ts";
import { buildLifecycleStores } from "../../../../lambdas/common/services/wiring/runs/lifecycle-stores.ts";
import { buildRunLifecycle } from "../../../../lambdas/common/services/wiring/runs/run-lifecycle.ts";
import { buildWakeHeld } from "../../../../lambdas/common/services/wiring/runs/wake-held.ts";
import type { Closings } from "../../../../lambdas/enrich-batch/closings.ts";
import type { Deps as EnrichDeps } from "../../../../lambdas/enrich-batch/deps.ts";
import type { EnrichProducts } from "../../../../lambdas/enrich-batch/enrich/enrich-port.ts";
import { createHandler as createEnrich } from "../../../../lambdas/enrich-batch/handler.ts";
import { createHandler as createReconcile } from "../../../../lambdas/reconcile/handler.ts";
import { LICENCES } from "../../rights.ts";
import { asinNumber } from "../../rows.ts";
import { silentLog, silentMeter } from "../../silent.ts";
import type { BatchMessages } from "./batch-messages.ts";
import { LIFECYCLE_ENV } from "./lifecycle-tables.ts";

/** What is outside of all processes and the same for all, and what they write down of their work. */
export interface Surroundings {
  readonly nowMs: number;
  readonly clock: Clock;
  readonly queue: BatchMessages;
  /** Of the one instance of `enrich-batch` that all consumers are. */
  readonly closings: Closings;
  readonly newId: () => string;
  /** What the sources answer for a product. */
  readonly verdict: (asin: string) => ProductOutcome["result"];
  /** What the sources say holds products up. */
  readonly blocked: RunRow["blocked_by"];
  /** When upstream calls began. */
  readonly calls: number[];
  /** Metrics that `reconcile` counted. */
  readonly counted: string[];
  readonly removedObjects: string[];
}

/** Never called: products and messages are in memory. */
const UNUSED = { s3: createS3Client(), sqs: createSqsClient() };

/** What came of a product, with the words of its failure. */
const outcomeOf = (result: ProductOutcome["result"]): ProductOutcome =>
  result.kind === "failed" || result.kind === "retry"
    ? { result, failure: { source: result.source ?? null, rawCode: result.code, message: "words" } }
    : { result };

/** Enriches two products a call, as the world's sources answer. */
const enrichOn =
  (world: Surroundings, gate: () => Promise<void>): EnrichProducts =>
  async ({ products, mayContinue, deliver }) => {
    for (let from = 0; from < products.length; from += 2) {
      const part = products.slice(from, from + 2);
      await gate();
      const goesOn = await mayContinue();
      if (goesOn) world.calls.push(world.nowMs);
      const stop = { kind: "wait", retryAtMs: world.nowMs, shortCall: false } as const;
      await deliver({
        blockedBy: goesOn ? world.blocked : [],
        outcomes: new Map(part.map(({ key, asin }) => [key, outcomeOf(goesOn ? world.verdict(asin) : stop)])),
      });
    }
  };

/**
 * The engine as one process sees it.
 * @param gate awaited before every effect that is not on tables; their client awaits one of its own
 */
export const engineProcess = (world: Surroundings, documents: DynamoDBDocumentClient, gate: () => Promise<void>) => {
  const { newId } = world;
  const line = {
    ...buildCatalogStores(LIFECYCLE_ENV, { documents }),
    ...buildLifecycleStores(LIFECYCLE_ENV, { documents }),
    queues: { bulk: LIFECYCLE_ENV.ENRICH_QUEUE_URL, express: LIFECYCLE_ENV.EXPRESS_QUEUE_URL },
    clock: world.clock,
    log: silentLog,
    batchQueue: {
      send: async (_queue: string, messages: readonly QueuedBatch[]) => {
        await gate();
        for (const message of messages) world.queue.put(message, newId(), world.nowMs);
      },
    },
  };
  const parts = { ...UNUSED, documents, clock: world.clock, newId, log: silentLog };
  const dispatcher = buildDispatcher(LIFECYCLE_ENV, parts, {
    batchQueue: line.batchQueue,
    products: {
      read: async (segment, from, count) =>
        Array.from({ length: count }, (_, n) => ({
          asin: asinNumber((segment.key === "us" ? 0 : 100_000) + from + n + 1),
        })),
    },
    onUnreadable: ({ error }) => {
      throw error;
    },
    windowProducts: 12,
  });
  const wakeHeld = buildWakeHeld(LIFECYCLE_ENV, parts, {
    ...{ batchQueue: line.batchQueue, productsPerSecond: () => 1 },
    onUnreadable: ({ error }) => {
      throw error;
    },
  });
  const trials = {
    ...line,
    failing: new FailingRuns(documents, "status", ({ error }) => {
      throw error;
    }),
    groups: new FailureGroupStore(documents, "failures"),
    productsPerSecond: 10,
  };
  const lifecycle = buildRunLifecycle(LIFECYCLE_ENV, { ...parts, dispatcher }, { ...line, productsPerSecond: 10 });
  const consumer = createEnrich({
    ...line,
    dispatcher,
    enrich: enrichOn(world, gate),
    licences: LICENCES,
    closings: world.closings,
    wakeHeld,
    newId,
    meter: silentMeter,
    ownQueueUrl: LIFECYCLE_ENV.ENRICH_QUEUE_URL,
    ownQueue: { changeVisibility: async () => {}, remove: async () => {} },
    functionTimeoutMs: 60_000,
    products: { saveMany: async () => new Map(), rememberNotFound: async () => {} },
  } as unknown as EnrichDeps);
  const reconcile = createReconcile({
    ...line,
    trials,
    wakeHeld,
    region: "us-east-1",
    meter: { ...silentMeter, count: (name) => void world.counted.push(name) },
    objects: {
      hasUpload: async () => false,
      remove: async (catalog) => {
        world.removedObjects.push(catalog.catalog_id);
      },
    },
    uploads: { listDue: async () => [], postpone: async () => false, giveUp: async () => false },
    ingestQueue: { send: async () => {} },
    depths: { read: async () => 0 },
    orphans: new OrphanedRows(documents, "status"),
  });
  return {
    ...line,
    dispatcher,
    lifecycle,
    trials,
    reconcile,
    wakeHeld,
    consume: (most: number) => world.queue.consume(consumer, most, world.nowMs),
  };
};
