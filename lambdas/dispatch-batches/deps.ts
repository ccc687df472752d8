import { createDocumentClient, createS3Client, createSqsClient } from "../adapters/aws/aws-clients.ts";
import { BatchRowStore } from "../adapters/dynamodb/enrichment-status/batch-row-store.ts";
import { DispatchClaims } from "../adapters/dynamodb/enrichment-status/dispatch-claims.ts";
import { RunStore } from "../adapters/dynamodb/enrichment-status/run-store.ts";
import { logUnreadable } from "../adapters/dynamodb/enrichment-status/unreadable-row.ts";
import { SegmentReader } from "../adapters/s3/segment-reader.ts";
import { BatchQueue } from "../adapters/sqs/batch-queue.ts";
import { createLogger, type Log } from "../platform/logger.ts";
import { newId } from "../platform/new-id.ts";
import { systemClock } from "../platform/system-clock.ts";
import { Dispatcher } from "../services/dispatch/dispatcher.ts";
import { stageWindow } from "../sources/registry/stage-window.ts";
import type { Env } from "./env.ts";

/** What `dispatch-batches` works with. */
export interface Deps {
  readonly dispatcher: Pick<Dispatcher, "topUp">;
  readonly log: Log;
}

/** Wires the function once per cold start. */
export const buildDeps = (env: Env): Deps => {
  const documentClient = createDocumentClient();
  const log = createLogger();
  return {
    log,
    dispatcher: new Dispatcher({
      runs: new RunStore(documentClient, env.STATUS_TABLE_NAME),
      batches: new BatchRowStore(documentClient, env.STATUS_TABLE_NAME),
      claims: new DispatchClaims(documentClient, env.STATUS_TABLE_NAME),
      products: new SegmentReader(createS3Client(), env.BUCKET_NAME),
      batchQueue: new BatchQueue(createSqsClient()),
      clock: systemClock,
      newId,
      queues: { bulk: env.ENRICH_QUEUE_URL, express: env.EXPRESS_QUEUE_URL },
      onUnreadable: logUnreadable(log),
      windowProducts: stageWindow(env),
    }),
  };
};
