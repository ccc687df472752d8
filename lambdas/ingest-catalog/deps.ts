import { createDocumentClient, createS3Client, createSqsClient } from "../adapters/aws/aws-clients.ts";
import { BatchRowStore } from "../adapters/dynamodb/enrichment-status/batch-row-store.ts";
import { CatalogStore } from "../adapters/dynamodb/enrichment-status/catalog-store.ts";
import { ContentClaims } from "../adapters/dynamodb/enrichment-status/content-claims.ts";
import { DispatchClaims } from "../adapters/dynamodb/enrichment-status/dispatch-claims.ts";
import { RunStore } from "../adapters/dynamodb/enrichment-status/run-store.ts";
import { logUnreadable } from "../adapters/dynamodb/enrichment-status/unreadable-row.ts";
import { UploadRows } from "../adapters/dynamodb/enrichment-status/upload-rows.ts";
import { DryRunRows } from "../adapters/dynamodb/operations/dry-run-rows.ts";
import { ReadingSlots } from "../adapters/dynamodb/operations/reading-slots.ts";
import { CatalogObjects } from "../adapters/s3/catalog-objects.ts";
import { S3CatalogSink } from "../adapters/s3/s3-catalog-sink.ts";
import { SegmentReader } from "../adapters/s3/segment-reader.ts";
import { UploadReader } from "../adapters/s3/upload-reader.ts";
import { BatchQueue } from "../adapters/sqs/batch-queue.ts";
import { SqsConsumedQueue } from "../adapters/sqs/consumed-queue.ts";
import { IngestQueue } from "../adapters/sqs/ingest-queue.ts";
import type { CatalogSink } from "../core/catalogs/ingest/catalog-sink.ts";
import type { IngestCatalog } from "../core/catalogs/ingest/ingest-report.ts";
import type { Clock } from "../core/clock.ts";
import { type ContextLog, createLogger } from "../platform/logger.ts";
import { createMeter, type Meter } from "../platform/metrics.ts";
import { newId } from "../platform/new-id.ts";
import type { ConsumedQueue } from "../platform/sqs/consumed-queue.ts";
import { systemClock } from "../platform/system-clock.ts";
import { Dispatcher } from "../services/dispatch/dispatcher.ts";
import { ingestCatalog } from "../services/ingest/ingest-catalog.ts";
import { SamplingSink } from "../services/ingest/sampling-sink.ts";
import { stageWindow } from "../sources/registry/stage-window.ts";
import type { Env } from "./env.ts";

/** What `ingest-catalog` works with. */
export interface Deps {
  readonly rows: Pick<UploadRows, "get" | "take" | "progress" | "commit" | "fail" | "release">;
  readonly uploads: Pick<UploadReader, "open">;
  readonly contents: Pick<ContentClaims, "claim" | "take">;
  readonly dryRuns: Pick<DryRunRows, "get" | "finish">;
  readonly dispatcher: Pick<Dispatcher, "topUp">;
  readonly queue: Pick<IngestQueue, "sendLater">;
  /** The queue that this function reads. */
  readonly ownQueue: ConsumedQueue;
  readonly objects: Pick<CatalogObjects, "remove" | "removeUpload" | "removeWritten">;
  readonly turns: Pick<ReadingSlots, "begin" | "renew" | "end">;
  readonly ingest: IngestCatalog;
  /** A sink that writes below a prefix. */
  readonly openSink: (prefix: string) => CatalogSink;
  /** A sink that stores nothing and samples at most so many products. */
  readonly openSampler: (most: number) => CatalogSink & Pick<SamplingSink, "sampled">;
  readonly clock: Clock;
  readonly newId: () => string;
  /** From 0 to less than 1. */
  readonly random: () => number;
  readonly log: ContextLog;
  readonly meter: Meter;
}

/** Wires the function once per cold start. */
export const buildDeps = (env: Env): Deps => {
  const documentClient = createDocumentClient();
  const s3 = createS3Client();
  const sqs = createSqsClient();
  const log = createLogger();
  const runs = new RunStore(documentClient, env.STATUS_TABLE_NAME);
  const catalogs = new CatalogStore(documentClient, env.STATUS_TABLE_NAME, runs);
  return {
    rows: new UploadRows(documentClient, env.STATUS_TABLE_NAME),
    uploads: new UploadReader(s3, env.BUCKET_NAME),
    contents: new ContentClaims(documentClient, env.OPERATIONS_TABLE_NAME, { catalogs, runs }),
    queue: new IngestQueue(sqs, env.INGEST_QUEUE_URL),
    ownQueue: new SqsConsumedQueue(sqs, env.INGEST_QUEUE_URL),
    objects: new CatalogObjects(s3, env.BUCKET_NAME),
    turns: new ReadingSlots(documentClient, env.OPERATIONS_TABLE_NAME, env.MAX_READINGS_PER_USER),
    dryRuns: new DryRunRows(documentClient, env.OPERATIONS_TABLE_NAME),
    ingest: ingestCatalog,
    openSampler: (most) => new SamplingSink(most),
    openSink: (prefix) =>
      new S3CatalogSink({
        client: s3,
        bucket: env.BUCKET_NAME,
        prefix,
        onCleanupFailure: (error) => log.warn("an object of a failed ingest was left behind", { error: String(error) }),
      }),
    dispatcher: new Dispatcher({
      runs,
      batches: new BatchRowStore(documentClient, env.STATUS_TABLE_NAME),
      claims: new DispatchClaims(documentClient, env.STATUS_TABLE_NAME),
      products: new SegmentReader(s3, env.BUCKET_NAME),
      batchQueue: new BatchQueue(sqs),
      clock: systemClock,
      newId,
      queues: { bulk: env.ENRICH_QUEUE_URL, express: env.EXPRESS_QUEUE_URL },
      onUnreadable: logUnreadable(log),
      windowProducts: stageWindow(env),
    }),
    clock: systemClock,
    newId,
    random: Math.random,
    log,
    meter: createMeter(),
  };
};
