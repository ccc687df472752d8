import { createDocumentClient, createS3Client, createSqsClient } from "../adapters/aws/aws-clients.ts";
import type { ContentClaims } from "../adapters/dynamodb/enrichment-status/content-claims.ts";
import { UploadRows } from "../adapters/dynamodb/enrichment-status/upload-rows.ts";
import { DryRunRows } from "../adapters/dynamodb/operations/dry-run-rows.ts";
import { ReadingSlots } from "../adapters/dynamodb/operations/reading-slots.ts";
import { CatalogObjects } from "../adapters/s3/catalog-objects.ts";
import { UploadReader } from "../adapters/s3/upload-reader.ts";
import { IngestQueue } from "../adapters/sqs/ingest-queue.ts";
import { SqsConsumedQueue } from "../adapters/sqs/sqs-consumed-queue.ts";
import type { CatalogSink } from "../core/catalogs/ingest/catalog-sink.ts";
import type { IngestCatalog } from "../core/catalogs/ingest/ingest-report.ts";
import type { ConsumedQueue } from "../platform/sqs/consumed-queue.ts";
import type { Dispatcher } from "../services/dispatch/dispatcher.ts";
import { ingestCatalog } from "../services/ingest/ingest-catalog.ts";
import { SamplingSink } from "../services/ingest/sampling-sink.ts";
import { buildCatalogSinks } from "../services/wiring/catalog-sinks.ts";
import { buildContentClaims } from "../services/wiring/content-claims.ts";
import { buildDispatcher } from "../services/wiring/dispatcher.ts";
import { buildWorkerContext, type WorkerContext } from "../services/wiring/worker-context.ts";
import type { Env } from "./env.ts";

/** What `ingest-catalog` works with. */
export interface Deps extends WorkerContext {
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
  /** From 0 to less than 1. */
  readonly random: () => number;
}

/** Wires the function once per cold start. */
export const buildDeps = (env: Env): Deps => {
  const clients = { documents: createDocumentClient(), s3: createS3Client(), sqs: createSqsClient() };
  const { documents, s3, sqs } = clients;
  const context = buildWorkerContext();
  const { log } = context;
  return {
    ...context,
    rows: new UploadRows(documents, env.STATUS_TABLE_NAME),
    uploads: new UploadReader(s3, env.BUCKET_NAME),
    contents: buildContentClaims(env, { documents }),
    queue: new IngestQueue(sqs, env.INGEST_QUEUE_URL),
    ownQueue: new SqsConsumedQueue(sqs, env.INGEST_QUEUE_URL),
    objects: new CatalogObjects(s3, env.BUCKET_NAME),
    turns: new ReadingSlots(documents, env.OPERATIONS_TABLE_NAME, env.MAX_READINGS_PER_USER),
    dryRuns: new DryRunRows(documents, env.OPERATIONS_TABLE_NAME),
    ingest: ingestCatalog,
    openSampler: (most) => new SamplingSink(most),
    openSink: buildCatalogSinks(env, { s3, log, leftBehind: "an object of a failed ingest was left behind" }),
    dispatcher: buildDispatcher(env, { ...clients, ...context }),
    random: Math.random,
  };
};
