import {
  createDocumentClient,
  createS3Client,
  createSecretsClient,
  createSqsClient,
} from "../adapters/aws/aws-clients.ts";
import { BatchRowStore } from "../adapters/dynamodb/enrichment-status/batch-row-store.ts";
import { DispatchClaims } from "../adapters/dynamodb/enrichment-status/dispatch-claims.ts";
import { OutcomeRecorder } from "../adapters/dynamodb/enrichment-status/outcome-recorder.ts";
import { RunStore } from "../adapters/dynamodb/enrichment-status/run-store.ts";
import { logUnreadable } from "../adapters/dynamodb/enrichment-status/unreadable-row.ts";
import { FailureStore } from "../adapters/dynamodb/failures/failure-store.ts";
import { ProductStore } from "../adapters/dynamodb/products/product-store.ts";
import { DynamoCacheCounters } from "../adapters/dynamodb/upstream-limits/dynamo-cache-counters.ts";
import { DynamoRateLimiter } from "../adapters/dynamodb/upstream-limits/dynamo-rate-limiter.ts";
import { DynamoSecretVersions } from "../adapters/dynamodb/upstream-limits/dynamo-secret-versions.ts";
import { DynamoSourceCounters } from "../adapters/dynamodb/upstream-limits/dynamo-source-counters.ts";
import { DynamoTokenCache } from "../adapters/dynamodb/upstream-limits/dynamo-token-cache.ts";
import { RawArchive } from "../adapters/s3/raw-archive.ts";
import { SegmentReader } from "../adapters/s3/segment-reader.ts";
import { SourceSecrets } from "../adapters/secrets/source-secrets.ts";
import { BatchQueue } from "../adapters/sqs/batch-queue.ts";
import { SqsConsumedQueue } from "../adapters/sqs/consumed-queue.ts";
import type { Clock } from "../core/clock.ts";
import { type ContextLog, createLogger } from "../platform/logger.ts";
import { createMeter, type Meter } from "../platform/metrics.ts";
import { newId } from "../platform/new-id.ts";
import type { ConsumedQueue } from "../platform/sqs/consumed-queue.ts";
import { systemClock } from "../platform/system-clock.ts";
import { Dispatcher } from "../services/dispatch/dispatcher.ts";
import { createReadSources } from "../sources/registry/ready-sources.ts";
import { describeSource } from "../sources/registry/registry.ts";
import { stageWindow } from "../sources/registry/stage-window.ts";
import type { EnrichProducts } from "./enrich/enrich-port.ts";
import { createEnrichProducts } from "./enrich/enrich-products.ts";
import type { Env } from "./env.ts";
import { createNoteCredentials } from "./note-credentials.ts";

/** What `enrich-batch` works with. */
export interface Deps {
  readonly runs: RunStore;
  readonly batches: BatchRowStore;
  readonly recorder: OutcomeRecorder;
  readonly products: ProductStore;
  readonly failures: FailureStore;
  readonly batchQueue: BatchQueue;
  readonly dispatcher: Dispatcher;
  readonly enrich: EnrichProducts;
  /** The queue that this function reads. */
  readonly ownQueueUrl: string;
  readonly ownQueue: ConsumedQueue;
  readonly functionTimeoutMs: number;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly log: ContextLog;
  readonly meter: Meter;
}

/** Wires the function once per cold start. */
export const buildDeps = (env: Env): Deps => {
  const documentClient = createDocumentClient();
  const s3 = createS3Client();
  const log = createLogger();
  const meter = createMeter();
  const clock = systemClock;
  const runs = new RunStore(documentClient, env.STATUS_TABLE_NAME);
  const batches = new BatchRowStore(documentClient, env.STATUS_TABLE_NAME);
  const products = new ProductStore(documentClient, env.PRODUCTS_TABLE_NAME);
  const sqs = createSqsClient();
  const batchQueue = new BatchQueue(sqs);
  const queues = { bulk: env.ENRICH_QUEUE_URL, express: env.EXPRESS_QUEUE_URL };
  const ownQueueUrl = env.PRIORITY === "express" ? queues.express : queues.bulk;
  const shared = { documentClient, tableName: env.LIMITS_TABLE_NAME, clock };
  const limiter = new DynamoRateLimiter({
    ...shared,
    ids: newId,
    onStateChange: (change) => log.warn("breaker changed", { ...change }),
  });
  const secrets = new SourceSecrets(createSecretsClient(), env.SECRET_PREFIX, clock);
  const readSources = createReadSources({
    settings: env.SOURCES,
    describe: describeSource,
    secrets,
    tokens: new DynamoTokenCache(shared),
    clock,
    fetch,
    onSecret: createNoteCredentials({ versions: new DynamoSecretVersions(shared), limiter, log }),
  });
  return {
    runs,
    batches,
    products,
    batchQueue,
    clock,
    log,
    meter,
    newId,
    recorder: new OutcomeRecorder(documentClient, env.STATUS_TABLE_NAME, clock),
    failures: new FailureStore(documentClient, env.FAILURES_TABLE_NAME),
    dispatcher: new Dispatcher({
      runs,
      batches,
      claims: new DispatchClaims(documentClient, env.STATUS_TABLE_NAME),
      products: new SegmentReader(s3, env.BUCKET_NAME),
      batchQueue,
      clock,
      newId,
      queues,
      onUnreadable: logUnreadable(log),
      windowProducts: stageWindow(env),
    }),
    enrich: createEnrichProducts({
      readSources,
      forgetSecret: (source) => secrets.forget(source),
      limiter,
      products,
      archive: new RawArchive(s3, env.BUCKET_NAME, newId),
      counters: new DynamoSourceCounters(shared),
      cacheCounters: new DynamoCacheCounters(shared),
      priority: env.PRIORITY,
      upstreamTimeoutMs: env.UPSTREAM_TIMEOUT_MS,
      clock,
      log,
      meter,
    }),
    ownQueueUrl,
    ownQueue: new SqsConsumedQueue(sqs, ownQueueUrl),
    functionTimeoutMs: env.FUNCTION_TIMEOUT_SECONDS * 1_000,
  };
};
