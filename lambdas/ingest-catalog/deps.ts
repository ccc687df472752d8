import { createDocumentClient, createS3Client, createSqsClient } from "../common/adapters/aws/aws-clients.ts";
import type { ContentClaims } from "../common/adapters/dynamodb/enrichment-status/content-claims.ts";
import { UploadRows } from "../common/adapters/dynamodb/enrichment-status/upload-rows.ts";
import { ShopOverrides } from "../common/adapters/dynamodb/marketplaces/shop-overrides.ts";
import { DryRunRows } from "../common/adapters/dynamodb/operations/dry-run-rows.ts";
import { ReadingSlots } from "../common/adapters/dynamodb/operations/reading-slots.ts";
import { CatalogObjects } from "../common/adapters/s3/catalog-objects.ts";
import { UploadReader } from "../common/adapters/s3/upload-reader.ts";
import { IngestQueue } from "../common/adapters/sqs/ingest-queue.ts";
import { SqsConsumedQueue } from "../common/adapters/sqs/sqs-consumed-queue.ts";
import type { CatalogSink } from "../common/core/catalogs/ingest/catalog-sink.ts";
import type { IngestCatalog } from "../common/core/catalogs/ingest/ingest-report.ts";
import type { ConsumedQueue } from "../common/platform/sqs/consumed-queue.ts";
import { ingestCatalog } from "../common/services/ingest/ingest-catalog.ts";
import { SamplingSink } from "../common/services/ingest/sampling-sink.ts";
import { buildCatalogSinks } from "../common/services/wiring/catalogs/catalog-sinks.ts";
import { buildContentClaims } from "../common/services/wiring/catalogs/content-claims.ts";
import { buildDispatcher } from "../common/services/wiring/runs/dispatcher.ts";
import { buildWorkerContext, type WorkerContext } from "../common/services/wiring/worker-context.ts";
import type { Env } from "./env.ts";

/** What `ingest-catalog` works with. */
export interface Deps extends WorkerContext {
  readonly rows: Pick<UploadRows, "get" | "take" | "progress" | "commit" | "fail" | "release">;
  readonly uploads: Pick<UploadReader, "open">;
  readonly contents: Pick<ContentClaims, "claim" | "take">;
  readonly dryRuns: Pick<DryRunRows, "get" | "finish">;
  readonly dispatcher: Pick<ReturnType<typeof buildDispatcher>, "topUp">;
  readonly queue: Pick<IngestQueue, "sendLater">;
  /** The queue that this function reads. */
  readonly ownQueue: ConsumedQueue;
  readonly objects: Pick<CatalogObjects, "remove" | "removeUpload" | "removeWritten">;
  readonly readingSlots: Pick<ReadingSlots, "begin" | "renew" | "end">;
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
  const context = buildWorkerContext(env);
  const { log } = context;
  const overrides = new ShopOverrides(documents, env.MARKETPLACES_TABLE_NAME, context.clock);
  return {
    ...context,
    rows: new UploadRows(documents, env.STATUS_TABLE_NAME),
    uploads: new UploadReader(s3, env.BUCKET_NAME),
    contents: buildContentClaims(env, { documents }),
    queue: new IngestQueue(sqs, env.INGEST_QUEUE_URL),
    ownQueue: new SqsConsumedQueue(sqs, env.INGEST_QUEUE_URL),
    objects: new CatalogObjects(s3, env.BUCKET_NAME),
    readingSlots: new ReadingSlots(documents, env.OPERATIONS_TABLE_NAME, env.MAX_READINGS_PER_USER),
    dryRuns: new DryRunRows(documents, env.OPERATIONS_TABLE_NAME),
    ingest: async (input, sink, options) =>
      ingestCatalog(input, sink, { ...options, disabledShops: (await overrides.settings()).disabled }),
    openSampler: (most) => new SamplingSink(most),
    openSink: buildCatalogSinks(env, { s3, log, leftBehind: "an object of a failed ingest was left behind" }),
    dispatcher: buildDispatcher(env, { ...clients, ...context }),
    random: Math.random,
  };
};
