import { PutCommand } from "@aws-sdk/lib-dynamodb";
import type { SQSRecord } from "aws-lambda";
import { createS3Client, createSqsClient } from "../../../lambdas/common/adapters/aws/aws-clients.ts";
import { OrphanedRows } from "../../../lambdas/common/adapters/dynamodb/enrichment-status/orphaned-rows.ts";
import { FailingRuns } from "../../../lambdas/common/adapters/dynamodb/failures/failing-runs.ts";
import { FailureGroupStore } from "../../../lambdas/common/adapters/dynamodb/failures/failure-group-store.ts";
import type { QueuedBatch } from "../../../lambdas/common/adapters/sqs/batch-queue.ts";
import { type BatchRow, BatchRowSchema } from "../../../lambdas/common/core/batches/batch-row.ts";
import { productsUpTo } from "../../../lambdas/common/core/batches/partition/batch-range.ts";
import type { LimitItem } from "../../../lambdas/common/core/limiter/limit-item.ts";
import { freshItem } from "../../../lambdas/common/core/limiter/plan/fresh-item.ts";
import { failureGroupId } from "../../../lambdas/common/core/runs/failure-group-id.ts";
import { type RunRow, RunRowSchema } from "../../../lambdas/common/core/runs/run-row.ts";
import type { ProductOutcome } from "../../../lambdas/common/services/enrich/product-outcome.ts";
import { buildCatalogStores } from "../../../lambdas/common/services/wiring/catalogs/catalog-stores.ts";
import { buildDispatcher } from "../../../lambdas/common/services/wiring/runs/dispatcher.ts";
import { buildLifecycleStores } from "../../../lambdas/common/services/wiring/runs/lifecycle-stores.ts";
import { buildRunLifecycle } from "../../../lambdas/common/services/wiring/runs/run-lifecycle.ts";
import { buildWakeHeld } from "../../../lambdas/common/services/wiring/runs/wake-held.ts";
import { Closings } from "../../../lambdas/enrich-batch/closings.ts";
import type { Deps as EnrichDeps } from "../../../lambdas/enrich-batch/deps.ts";
import type { EnrichProducts } from "../../../lambdas/enrich-batch/enrich/enrich-port.ts";
import { createHandler as createEnrich } from "../../../lambdas/enrich-batch/handler.ts";
import { createHandler as createReconcile } from "../../../lambdas/reconcile/handler.ts";
import { faultyDynamo, type WriteFault } from "../memory/faulty-dynamo.ts";
import { MemoryDynamo } from "../memory/memory-dynamo.ts";
import { LICENCES } from "../rights.ts";
import { aCatalog, aRun, asinNumber, NOON } from "../rows.ts";
import { silentLog, silentMeter } from "../silent.ts";

interface Message {
  readonly id: string;
  readonly body: string;
  visibleAtMs: number;
  receives: number;
}

const VISIBILITY_MS = 90_000;
const ENV = {
  STAGE: "test",
  STATUS_TABLE_NAME: "status",
  FAILURES_TABLE_NAME: "failures",
  LIMITS_TABLE_NAME: "limits",
  BUCKET_NAME: "files",
  ENRICH_QUEUE_URL: "bulk",
  EXPRESS_QUEUE_URL: "express",
  SOURCES: [],
  DISPATCH_WINDOW_SECONDS: 60,
};
/** Never called: products and messages are in memory. */
const UNUSED = { s3: createS3Client(), sqs: createSqsClient() };

/** What came of a product, with the words of its failure. */
const outcomeOf = (result: ProductOutcome["result"]): ProductOutcome =>
  result.kind === "failed" || result.kind === "retry"
    ? { result, failure: { source: result.source ?? null, rawCode: result.code, message: "words" } }
    : { result };

/** Everything that a run needs, on tables and a queue in memory, with the clock and the order of steps in our hands. */
export class LifecycleWorld {
  nowMs = NOON;
  readonly gate: () => Promise<void>;
  readonly dynamo: MemoryDynamo;
  readonly messages: Message[] = [];
  readonly removedObjects: string[] = [];
  /** Metrics that `reconcile` counted. */
  readonly counted: string[] = [];
  /** When upstream calls began. */
  readonly calls: number[] = [];
  verdict: (asin: string) => ProductOutcome["result"] = () => ({
    kind: "enriched",
    source: "creators-api",
    fromCache: false,
    incomplete: false,
  });
  /** What the sources say holds products up. */
  blocked: RunRow["blocked_by"] = [];
  #ids = 0;
  /** Of the one instance of `enrich-batch` that all consumers are. */
  readonly closings = new Closings();
  readonly runId = "enrich_cat_1_1";

  /** @param pageItems items of every page of a list, for runs so large that the usual small ones take too long */
  constructor(gate: () => Promise<void> = async () => {}, pageItems?: number) {
    this.gate = gate;
    const schema = {
      status: {
        keys: ["catalog_id", "batch_id"],
        indexes: {
          "by-user": ["user_id", "created_at"],
          "open-runs": ["open_shard", "created_at"],
          "due-batches": ["due_shard", "due_at"],
          "failing-runs": ["failing_owner_id", "created_at"],
        },
      },
      failures: {
        keys: ["tracking_id", "product_key"],
        indexes: { "by-code": ["error_code", "failed_at"] },
      },
      limits: { keys: ["limit_key"] },
    } as const;
    this.dynamo = new MemoryDynamo(schema, undefined, pageItems === undefined ? undefined : () => pageItems);
  }

  /** Puts a breaker into a state; `untilMs`: the end of its cool-down, or of the patience with its probe. */
  async setBreaker(limitKey: string, breaker: LimitItem["breaker"], untilMs = this.nowMs): Promise<void> {
    const limit = { limitKey, callsPerSecond: 1, unitsPerDay: null, allowanceShare: 1 };
    const Item: LimitItem = {
      ...freshItem(limit, this.nowMs),
      ...{ breaker, open_until_ms: untilMs, probe_deadline_ms: untilMs },
    };
    await this.dynamo.client(async () => {}).send(new PutCommand({ TableName: "limits", Item }));
  }

  /**
   * Writes a catalog of `products` products in two shops and its run.
   * @param of whose; a second catalog has ids of its own
   */
  async open(
    products: number,
    batchSize: number,
    express = false,
    of: { readonly catalog_id?: string; readonly batch_id?: string; readonly owner_id?: string } = {},
  ): Promise<void> {
    const first = Math.ceil(products * 0.7);
    const segments = [
      { marketplace: "www.amazon.com", key: "us", index_key: "us.index", products: first },
      { marketplace: "www.amazon.de", key: "de", index_key: "de.index", products: products - first },
    ];
    const batches = segments.reduce((sum, segment) => sum + Math.ceil(segment.products / batchSize), 0);
    const run = aRun({ uploaded: products, pending: products, batches, dispatched: 0, segments, express, ...of });
    const documents = this.dynamo.client(async () => {});
    await buildCatalogStores(ENV, { documents }).catalogs.createCatalog(
      aCatalog({ catalog_id: run.catalog_id, user_id: run.owner_id, segments, tracking_id: run.batch_id }),
    );
    const Item = { ...run, options: { ...run.options, batch_size: batchSize } };
    await documents.send(new PutCommand({ TableName: "status", Item }));
  }

  get run(): RunRow {
    return RunRowSchema.parse(this.dynamo.items("status").find((item) => item.batch_id === this.runId));
  }

  /** What the status table has of catalogs, deleted ones too. */
  get catalogItems(): Record<string, unknown>[] {
    return this.dynamo.items("status").filter(({ catalog_id }) => catalog_id !== "sweep");
  }

  get rows(): BatchRow[] {
    return this.dynamo
      .items("status")
      .filter((item) => item.row_type === "batch")
      .map((item) => BatchRowSchema.parse(item));
  }

  readonly clock = {
    now: () => this.nowMs,
    sleep: async (ms: number) => {
      await this.gate();
      this.nowMs += Math.min(ms, 300);
    },
  };

  /**
   * The engine as one process sees it. `gate` is awaited before its every effect; one that never resolves kills it.
   * @param faultAt what its attempts at writes meet
   */
  process(
    gate: () => Promise<void> = this.gate,
    faultAt: (attempt: number) => WriteFault | undefined = () => undefined,
  ) {
    const documents = faultyDynamo(this.dynamo.client(gate), faultAt);
    const newId = () => {
      this.#ids += 1;
      return `id-${this.#ids}`;
    };
    const line = {
      ...buildCatalogStores(ENV, { documents }),
      ...buildLifecycleStores(ENV, { documents }),
      queues: { bulk: ENV.ENRICH_QUEUE_URL, express: ENV.EXPRESS_QUEUE_URL },
      clock: this.clock,
      log: silentLog,
      batchQueue: {
        send: async (_queue: string, messages: readonly QueuedBatch[]) => {
          await gate();
          for (const { message, delaySeconds } of messages) {
            this.messages.push({
              id: newId(),
              body: JSON.stringify(message),
              visibleAtMs: this.nowMs + delaySeconds * 1_000,
              receives: 0,
            });
          }
        },
      },
    };
    const parts = { ...UNUSED, documents, clock: this.clock, newId, log: silentLog };
    const dispatcher = buildDispatcher(ENV, parts, {
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
    const wakeHeld = buildWakeHeld(ENV, parts, {
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
    const lifecycle = buildRunLifecycle(ENV, { ...parts, dispatcher }, { ...line, productsPerSecond: 10 });
    const enrich: EnrichProducts = async ({ products, mayContinue, deliver }) => {
      for (let from = 0; from < products.length; from += 2) {
        const part = products.slice(from, from + 2);
        await gate();
        const goesOn = await mayContinue();
        if (goesOn) this.calls.push(this.nowMs);
        const stop = { kind: "wait", retryAtMs: this.nowMs, shortCall: false } as const;
        await deliver({
          blockedBy: goesOn ? this.blocked : [],
          outcomes: new Map(part.map(({ key, asin }) => [key, outcomeOf(goesOn ? this.verdict(asin) : stop)])),
        });
      }
    };
    const consumer = createEnrich({
      ...line,
      dispatcher,
      enrich,
      licences: LICENCES,
      closings: this.closings,
      wakeHeld,
      newId,
      meter: silentMeter,
      ownQueueUrl: ENV.ENRICH_QUEUE_URL,
      ownQueue: { changeVisibility: async () => {}, remove: async () => {} },
      functionTimeoutMs: 60_000,
      products: { saveMany: async () => new Map(), rememberNotFound: async () => {} },
    } as unknown as EnrichDeps);
    const reconcile = createReconcile({
      ...line,
      trials,
      wakeHeld,
      region: "us-east-1",
      meter: { ...silentMeter, count: (name) => void this.counted.push(name) },
      objects: {
        hasUpload: async () => false,
        remove: async (catalog) => {
          this.removedObjects.push(catalog.catalog_id);
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
      consume: (most: number) => this.#consume(consumer, most),
    };
  }

  /** Receives up to `most` messages, works on them, and deletes those that are done. @returns how many were received */
  async #consume(consumer: ReturnType<typeof createEnrich>, most: number): Promise<number> {
    const taken = this.messages.filter((message) => message.visibleAtMs <= this.nowMs).slice(0, most);
    for (const message of taken) {
      message.visibleAtMs = this.nowMs + VISIBILITY_MS;
      message.receives += 1;
    }
    const Records = taken.map(
      ({ id, body, receives }) =>
        ({
          messageId: id,
          receiptHandle: id,
          body,
          attributes: { ApproximateReceiveCount: String(Math.min(receives, 2)) },
        }) as SQSRecord,
    );
    if (Records.length === 0) return 0;
    const { batchItemFailures } = await consumer({ Records }, { getRemainingTimeInMillis: () => 60_000 });
    const back = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    for (const message of taken) if (!back.has(message.id)) this.messages.splice(this.messages.indexOf(message), 1);
    return Records.length;
  }

  /** What the rows say the counts must be: the run row may never say anything else. */
  countedFromRows() {
    const { run, rows } = this;
    const items = rows.flatMap((row) => row.items);
    const count = (state: string) => items.filter((item) => item.state === state).length;
    const unwritten = run.uploaded - items.length;
    const failure_counts: Record<string, number> = {};
    const failure_groups: Record<string, number> = {};
    for (const { marketplace, items: own } of rows) {
      for (const item of own) {
        if (item.state !== "failed") continue;
        const { error_code = "InternalError", error_source: source = null } = item;
        failure_counts[error_code] = (failure_counts[error_code] ?? 0) + 1;
        const group = failureGroupId({ error_code, source, marketplace });
        failure_groups[group] = (failure_groups[group] ?? 0) + 1;
      }
    }
    return {
      pending: count("pending") + (run.dropped === undefined ? unwritten : 0),
      enriched: count("enriched"),
      failed: count("failed"),
      cancelled: count("cancelled") + (run.dropped === undefined ? 0 : unwritten),
      settled: rows.filter((row) => row.items.every((item) => item.state !== "pending")).length,
      parked: items.filter((item) => item.state === "pending" && item.parked).length,
      parked_first: items.filter((item) => item.state === "pending" && item.parked === "first").length,
      failure_counts,
      failure_groups,
    };
  }

  /** Products of batches that were sent, by the run's own count. */
  sentProducts(): number {
    return productsUpTo(this.run.segments, this.run.options.batch_size, this.run.dispatched);
  }
}
