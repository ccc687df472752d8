import { createDocumentClient, createS3Client, createSqsClient } from "../adapters/aws-clients.ts";
import { BatchRowStore } from "../adapters/batch-row-store.ts";
import { DispatchClaims } from "../adapters/dispatch/dispatch-claims.ts";
import { Dispatcher } from "../adapters/dispatch/dispatcher.ts";
import { SegmentReader } from "../adapters/ingest/segment-reader.ts";
import { logUnreadable } from "../adapters/status/unreadable-row.ts";
import { StatusStore } from "../adapters/status-store.ts";
import { WakeUps } from "../adapters/wake-ups.ts";
import { createLogger, type Log } from "../platform/logger.ts";
import { newId } from "../platform/new-id.ts";
import { systemClock } from "../platform/system-clock.ts";
import { stageWindow } from "../sources/stage-window.ts";
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
      status: new StatusStore(documentClient, env.STATUS_TABLE_NAME),
      batches: new BatchRowStore(documentClient, env.STATUS_TABLE_NAME),
      claims: new DispatchClaims(documentClient, env.STATUS_TABLE_NAME),
      products: new SegmentReader(createS3Client(), env.BUCKET_NAME),
      wakeUps: new WakeUps(createSqsClient()),
      clock: systemClock,
      newId,
      queues: { bulk: env.ENRICH_QUEUE_URL, express: env.EXPRESS_QUEUE_URL },
      onUnreadable: logUnreadable(log),
      windowProducts: stageWindow(env),
    }),
  };
};
