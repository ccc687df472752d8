import {
  createDocumentClient,
  createS3Client,
  createSecretsClient,
  createSqsClient,
} from "../adapters/aws/aws-clients.ts";
import { BatchRowStore } from "../adapters/dynamodb/enrichment-status/batch-row-store.ts";
import { CatalogStore } from "../adapters/dynamodb/enrichment-status/catalog-store.ts";
import {
  type ClaimedContent,
  type ContentClaim,
  ContentClaims,
} from "../adapters/dynamodb/enrichment-status/content-claims.ts";
import { DeletedCatalogs } from "../adapters/dynamodb/enrichment-status/deleted-catalogs.ts";
import { DispatchClaims } from "../adapters/dynamodb/enrichment-status/dispatch-claims.ts";
import { OutcomeRecorder } from "../adapters/dynamodb/enrichment-status/outcome-recorder.ts";
import { RunStore } from "../adapters/dynamodb/enrichment-status/run-store.ts";
import { RunSwitch } from "../adapters/dynamodb/enrichment-status/run-switch.ts";
import { logUnreadable } from "../adapters/dynamodb/enrichment-status/unreadable-row.ts";
import { FailureStore } from "../adapters/dynamodb/failures/failure-store.ts";
import { CommittedAnswers, type NewAnswer } from "../adapters/dynamodb/operations/committed-answers.ts";
import { DryRunRows } from "../adapters/dynamodb/operations/dry-run-rows.ts";
import { ExportStore } from "../adapters/dynamodb/operations/export-store.ts";
import { IdempotencyStore } from "../adapters/dynamodb/operations/idempotency-store.ts";
import { ProductStore } from "../adapters/dynamodb/products/product-store.ts";
import { DynamoRateLimiter } from "../adapters/dynamodb/upstream-limits/dynamo-rate-limiter.ts";
import { ExportDownloads } from "../adapters/s3/export-downloads.ts";
import {
  createSigningClient,
  type ExpectedUpload,
  PresignedUploads,
  type UploadAddress,
} from "../adapters/s3/presigned-uploads.ts";
import { RejectedReader } from "../adapters/s3/rejected-reader.ts";
import { S3CatalogSink } from "../adapters/s3/s3-catalog-sink.ts";
import { SegmentReader } from "../adapters/s3/segment-reader.ts";
import { SourceSecrets } from "../adapters/secrets/source-secrets.ts";
import { BatchQueue } from "../adapters/sqs/batch-queue.ts";
import { ExportQueue } from "../adapters/sqs/export-queue.ts";
import type { CatalogSegment } from "../core/catalogs/catalog-segment.ts";
import type { DryRunRow } from "../core/catalogs/dry-run.ts";
import type { RejectedRow } from "../core/catalogs/ingest/catalog-files.ts";
import type { IngestReport } from "../core/catalogs/ingest/ingest-report.ts";
import type { Clock } from "../core/clock.ts";
import type { Product } from "../core/products/product.ts";
import type { RunRow } from "../core/runs/run-row.ts";
import type { SourceId } from "../core/source-ids.ts";
import type { HttpLogger } from "../platform/http/http-app.ts";
import { createLogger } from "../platform/logger.ts";
import { newId } from "../platform/new-id.ts";
import { systemClock } from "../platform/system-clock.ts";
import { Dispatcher } from "../services/dispatch/dispatcher.ts";
import { createIngestRequest } from "../services/ingest/ingest-request.ts";
import { RunLifecycle } from "../services/lifecycle/run-lifecycle.ts";
import { createReadStandings, type ReadStandings } from "../services/source-standings.ts";
import { factsOf } from "../sources/registry/known-facts.ts";
import { stageWindow } from "../sources/registry/stage-window.ts";
import type { Env } from "./env.ts";
import type { Exports } from "./routes/exports/exports-port.ts";

/** How an upload was judged, and where it was stored. */
export interface Ingested extends IngestReport {
  /** Product keys in order, evenly thinned out when there are very many. */
  readonly sample_keys: readonly string[];
  /** Removes what was stored; for a refusal that comes after. */
  readonly discard: () => Promise<void>;
}

/** An upload as it came. */
export interface IngestRequest {
  readonly catalogId: string;
  readonly content: Uint8Array;
  readonly contentType: string | undefined;
  /** Shop of rows that name none. */
  readonly marketplace: string;
  /** False: judge only, store nothing. */
  readonly store: boolean;
}

/**
 * Runs `create` once per user, route and key within 24 h and answers repeats with what it answered then. Work that
 * commits in one transaction keeps its answer there with `order.keep`, so that a repeat finds it even when the first
 * request died before it could answer.
 */
export type RunOnce = (
  request: {
    readonly userId: string;
    readonly route: string;
    /** The Idempotency-Key; undefined: just run. */
    readonly key: string | undefined;
    /** Hash of everything else that the client sent. */
    readonly fingerprint: string;
    readonly lambdaContext: unknown;
  },
  create: (answer: NewAnswer) => Promise<StoredAnswer>,
) => Promise<StoredAnswer>;

/** An answer that can be given again. */
export interface StoredAnswer {
  readonly status: 200 | 201 | 202;
  /** JSON text. */
  readonly body: string;
}

/** Reads `count` accepted rows of a segment from row `from` (0-based) on. */
export type ReadProductRows = (
  segment: CatalogSegment,
  from: number,
  count: number,
) => Promise<readonly { readonly asin: string; readonly sku?: string | undefined }[]>;

/** Everything the routes of this room need. */
export interface Deps {
  readonly catalogs: Pick<CatalogStore, "createCatalog" | "createCatalogWithRun" | "getCatalog" | "listCatalogs">;
  readonly runs: Pick<RunStore, "createRun" | "getRun" | "listBatches">;
  readonly deleted: Pick<DeletedCatalogs, "markDeleted">;
  readonly products: { getMany(keys: readonly string[]): Promise<ReadonlyMap<string, Product>> };
  readonly ingest: (request: IngestRequest) => Promise<Ingested>;
  /** Rejected rows from `offset` (bytes) on, at most `limit`; `next` is absent at the end. */
  readonly readRejected: (
    key: string,
    offset: number,
    limit: number,
  ) => Promise<{ readonly rows: readonly RejectedRow[]; readonly next?: number }>;
  readonly readProductRows: ReadProductRows;
  /**
   * The claim on products that a run is to begin over; `force`: whoever else has them.
   * @throws ConflictError `duplicate_upload` naming the user's other catalog
   */
  readonly claimContent: (content: ClaimedContent, force: boolean) => Promise<ContentClaim>;
  /** Dry runs of large files. */
  readonly dryRuns: {
    create(row: DryRunRow): Promise<void>;
    /** Undefined when there is none. */
    get(id: string, nowMs: number): Promise<DryRunRow | undefined>;
  };
  /** Signs an address to put a file under. */
  readonly signUpload: (upload: ExpectedUpload) => Promise<UploadAddress>;
  /** Sends the first batches of a new run. Safe to repeat; the schedule sends what this could not. */
  readonly dispatch: (run: RunRow) => Promise<void>;
  readonly exports: Exports;
  readonly lifecycle: Pick<RunLifecycle, "pause" | "resume" | "cancel" | "stop" | "retry">;
  readonly failures: Pick<FailureStore, "listOpen" | "scanOpen" | "getMany">;
  readonly readStandings: ReadStandings;
  /** Enabled sources in order. */
  readonly enabledSources: readonly SourceId[];
  readonly answerOnce: RunOnce;
  readonly defaultBatchSize: number | "auto";
  readonly clock: Clock;
  /** So many random characters of Crockford's alphabet. */
  readonly newId: (length?: number) => string;
  readonly logger: HttpLogger;
}

/**
 * Products that a request sends at most: the caller waits for it, and each batch costs a read and a write. Consumers
 * send the rest as soon as the first are done.
 */
const MAX_SENT_IN_REQUEST = 400;

/** Wires the function once per cold start. */
export const buildDeps = (env: Env): Deps => {
  const documentClient = createDocumentClient();
  const s3 = createS3Client();
  const logger = createLogger();
  const clock = systemClock;
  const runs = new RunStore(documentClient, env.STATUS_TABLE_NAME);
  const catalogs = new CatalogStore(documentClient, env.STATUS_TABLE_NAME, runs);
  const segments = new SegmentReader(s3, env.BUCKET_NAME);
  const contents = new ContentClaims(documentClient, env.OPERATIONS_TABLE_NAME, { catalogs, runs });
  const presigned = new PresignedUploads(createSigningClient(), env.BUCKET_NAME);
  const rejected = new RejectedReader(s3, env.BUCKET_NAME);
  const idempotency = new IdempotencyStore(env.OPERATIONS_TABLE_NAME);
  const answers = new CommittedAnswers({ client: documentClient, tableName: env.OPERATIONS_TABLE_NAME, clock, newId });
  const line = {
    catalogs,
    runs,
    batches: new BatchRowStore(documentClient, env.STATUS_TABLE_NAME),
    batchQueue: new BatchQueue(createSqsClient()),
    clock,
    queues: { bulk: env.ENRICH_QUEUE_URL, express: env.EXPRESS_QUEUE_URL },
  };
  const windowProducts = stageWindow(env);
  const dispatcher = new Dispatcher({
    ...line,
    claims: new DispatchClaims(documentClient, env.STATUS_TABLE_NAME),
    products: segments,
    newId,
    onUnreadable: logUnreadable(logger),
    windowProducts: Math.min(windowProducts, MAX_SENT_IN_REQUEST),
  });
  const failures = new FailureStore(documentClient, env.FAILURES_TABLE_NAME);
  const exportStore = new ExportStore(documentClient, env.OPERATIONS_TABLE_NAME);
  const exportQueue = new ExportQueue(createSqsClient(), env.EXPORTS_QUEUE_URL);
  const downloads = new ExportDownloads(createSigningClient(), env.BUCKET_NAME);
  return {
    catalogs,
    runs,
    deleted: new DeletedCatalogs(documentClient, env.STATUS_TABLE_NAME),
    exports: {
      create: (job) => exportStore.create(job),
      get: (exportId, nowMs) => exportStore.get(exportId, nowMs),
      wake: (message) => exportQueue.send(message),
      downloadUrl: (job, seconds) => downloads.urlOf(job, seconds),
    },
    products: new ProductStore(documentClient, env.PRODUCTS_TABLE_NAME),
    ingest: createIngestRequest(
      (prefix) =>
        new S3CatalogSink({
          client: s3,
          bucket: env.BUCKET_NAME,
          prefix,
          onCleanupFailure: (error) =>
            logger.warn("an object of a refused upload was left behind", { error: String(error) }),
        }),
    ),
    readRejected: (key, offset, limit) => rejected.read(key, offset, limit),
    claimContent: async (content, force) =>
      force ? contents.take(content, clock.now()) : contents.claim(content, clock.now()),
    dryRuns: new DryRunRows(documentClient, env.OPERATIONS_TABLE_NAME),
    signUpload: (upload) => presigned.sign(upload),
    readProductRows: (segment, from, count) => segments.read(segment, from, count),
    dispatch: async (run) => {
      await dispatcher.topUp([run]);
    },
    readStandings: createReadStandings({
      settings: env.SOURCES,
      describe: factsOf,
      secrets: new SourceSecrets(createSecretsClient(), env.SECRET_PREFIX, clock),
      // Only asked where keys stand, so it makes no slots and changes no breaker.
      limiter: new DynamoRateLimiter({
        documentClient,
        tableName: env.LIMITS_TABLE_NAME,
        clock,
        ids: newId,
        onStateChange: (change) => logger.warn("breaker changed", { ...change }),
      }),
      clock,
    }),
    failures,
    lifecycle: new RunLifecycle({
      ...line,
      failures,
      dispatcher,
      switch: new RunSwitch(documentClient, env.STATUS_TABLE_NAME),
      recorder: new OutcomeRecorder(documentClient, env.STATUS_TABLE_NAME, clock),
      productsPerSecond: windowProducts / env.DISPATCH_WINDOW_SECONDS,
      log: logger,
    }),
    enabledSources: env.SOURCES.map(({ id }) => id),
    answerOnce: (request, create) => idempotency.answerOnce(request, () => answers.answerOnce(request, create)),
    defaultBatchSize: env.BATCH_SIZE,
    clock,
    newId,
    logger,
  };
};
