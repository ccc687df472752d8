import { createDocumentClient, createS3Client, createSqsClient } from "../adapters/aws/aws-clients.ts";
import { BatchRowStore } from "../adapters/dynamodb/enrichment-status/batch-row-store.ts";
import { DeletedCatalogs } from "../adapters/dynamodb/enrichment-status/deleted-catalogs.ts";
import { OutcomeRecorder } from "../adapters/dynamodb/enrichment-status/outcome-recorder.ts";
import { RunStore } from "../adapters/dynamodb/enrichment-status/run-store.ts";
import { RunSwitch } from "../adapters/dynamodb/enrichment-status/run-switch.ts";
import { UploadRows } from "../adapters/dynamodb/enrichment-status/upload-rows.ts";
import { FailureStore } from "../adapters/dynamodb/failures/failure-store.ts";
import { CatalogObjects } from "../adapters/s3/catalog-objects.ts";
import { BatchQueue } from "../adapters/sqs/batch-queue.ts";
import { IngestQueue } from "../adapters/sqs/ingest-queue.ts";
import type { Clock } from "../core/clock.ts";
import { createLogger, type Log } from "../platform/logger.ts";
import { createMeter, type Meter } from "../platform/metrics.ts";
import { systemClock } from "../platform/system-clock.ts";
import type { Env } from "./env.ts";

/** What `reconcile` works with. */
export interface Deps {
  readonly runs: Pick<RunStore, "getRun" | "listOpenRuns" | "closeIfDone" | "waitIfAllParked">;
  readonly deleted: Pick<DeletedCatalogs, "listDeleted" | "listRowKeys" | "removeRow">;
  readonly batches: Pick<BatchRowStore, "listDue" | "get" | "getMany" | "listUnsettled" | "replace" | "remove">;
  readonly recorder: Pick<OutcomeRecorder, "record" | "dropUnsent">;
  readonly failures: Pick<FailureStore, "saveMany" | "close" | "removeSome">;
  readonly switch: Pick<RunSwitch, "cancel">;
  readonly objects: Pick<CatalogObjects, "remove" | "hasUpload">;
  readonly batchQueue: Pick<BatchQueue, "send">;
  readonly uploads: Pick<UploadRows, "listDue" | "postpone" | "giveUp">;
  readonly ingestQueue: Pick<IngestQueue, "send">;
  readonly queues: { readonly bulk: string; readonly express: string };
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
}

/** Wires the function once per cold start. */
export const buildDeps = (env: Env): Deps => {
  const documentClient = createDocumentClient();
  const sqs = createSqsClient();
  return {
    runs: new RunStore(documentClient, env.STATUS_TABLE_NAME),
    deleted: new DeletedCatalogs(documentClient, env.STATUS_TABLE_NAME),
    batches: new BatchRowStore(documentClient, env.STATUS_TABLE_NAME),
    recorder: new OutcomeRecorder(documentClient, env.STATUS_TABLE_NAME, systemClock),
    failures: new FailureStore(documentClient, env.FAILURES_TABLE_NAME),
    switch: new RunSwitch(documentClient, env.STATUS_TABLE_NAME),
    objects: new CatalogObjects(createS3Client(), env.BUCKET_NAME),
    batchQueue: new BatchQueue(sqs),
    uploads: new UploadRows(documentClient, env.STATUS_TABLE_NAME),
    ingestQueue: new IngestQueue(sqs, env.INGEST_QUEUE_URL),
    queues: { bulk: env.ENRICH_QUEUE_URL, express: env.EXPRESS_QUEUE_URL },
    clock: systemClock,
    log: createLogger(),
    meter: createMeter(),
  };
};
