import { createDocumentClient, createS3Client, createSqsClient } from "../common/adapters/aws/aws-clients.ts";
import { instanceRegion } from "../common/adapters/aws/instance-region.ts";
import { OrphanedRows } from "../common/adapters/dynamodb/enrichment-status/orphaned-rows.ts";
import { UploadRows } from "../common/adapters/dynamodb/enrichment-status/upload-rows.ts";
import type { FailureGroupStore } from "../common/adapters/dynamodb/failures/failure-group-store.ts";
import { CatalogObjects } from "../common/adapters/s3/catalog-objects.ts";
import type { BatchQueue } from "../common/adapters/sqs/batch-queue.ts";
import { IngestQueue } from "../common/adapters/sqs/ingest-queue.ts";
import { QueueDepths } from "../common/adapters/sqs/queue-depths.ts";
import type { GaugedQueue } from "../common/core/metric-names.ts";
import type { TrialDeps } from "../common/services/failures/trial-steps.ts";
import { buildBatchQueues } from "../common/services/wiring/runs/batch-queues.ts";
import { buildLifecycleStores, type LifecycleStores } from "../common/services/wiring/runs/lifecycle-stores.ts";
import { buildTrials } from "../common/services/wiring/runs/trials.ts";
import { buildWakeHeld, type WakeHeld } from "../common/services/wiring/runs/wake-held.ts";
import { buildWorkerContext, type WorkerContext } from "../common/services/wiring/worker-context.ts";
import type { Env } from "./env.ts";

/** What `reconcile` works with. */
export interface Deps extends Pick<WorkerContext, "clock" | "log" | "meter"> {
  readonly runs: Pick<LifecycleStores["runs"], "getRun" | "listOpenRuns" | "closeIfDone" | "waitIfAllParked">;
  readonly deleted: Pick<LifecycleStores["deleted"], "listDeleted" | "rowKeys" | "removeRow">;
  readonly orphans: Pick<OrphanedRows, "readSweep" | "saveSweep" | "readSome">;
  readonly batches: Pick<
    LifecycleStores["batches"],
    "listDue" | "get" | "getMany" | "listUnsettled" | "replace" | "remove"
  >;
  readonly recorder: Pick<LifecycleStores["recorder"], "record" | "dropUnsent">;
  readonly failures: Pick<LifecycleStores["failures"], "saveMany" | "close" | "removeSome">;
  readonly switch: Pick<LifecycleStores["switch"], "cancel">;
  readonly objects: Pick<CatalogObjects, "remove" | "hasUpload">;
  readonly batchQueue: Pick<BatchQueue, "send">;
  readonly uploads: Pick<UploadRows, "listDue" | "postpone" | "giveUp">;
  readonly ingestQueue: Pick<IngestQueue, "send">;
  readonly queues: { readonly bulk: string; readonly express: string };
  readonly depths: Pick<QueueDepths<GaugedQueue>, "read">;
  readonly wakeHeld: WakeHeld;
  /** AWS region, by which runs are priced. */
  readonly region: string;
  readonly trials: TrialDeps & { readonly groups: Pick<FailureGroupStore, "listTrying"> };
}

/** Wires the function once per cold start. */
export const buildDeps = (env: Env): Deps => {
  const documents = createDocumentClient();
  const sqs = createSqsClient();
  const { clock, log, meter } = buildWorkerContext(env);
  return {
    ...buildLifecycleStores(env, { documents }),
    ...buildBatchQueues(env, { sqs }),
    wakeHeld: buildWakeHeld(env, { documents, sqs, clock, log }),
    trials: buildTrials(env, { documents, sqs, clock, log }),
    objects: new CatalogObjects(createS3Client(), env.BUCKET_NAME),
    orphans: new OrphanedRows(documents, env.STATUS_TABLE_NAME),
    uploads: new UploadRows(documents, env.STATUS_TABLE_NAME),
    ingestQueue: new IngestQueue(sqs, env.INGEST_QUEUE_URL),
    depths: new QueueDepths<GaugedQueue>(sqs, {
      enrich: env.ENRICH_QUEUE_URL,
      "enrich-express": env.EXPRESS_QUEUE_URL,
      ingest: env.INGEST_QUEUE_URL,
    }),
    region: instanceRegion,
    clock,
    log,
    meter,
  };
};
