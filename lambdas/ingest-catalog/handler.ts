import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { catalogOfMessage } from "../core/catalogs/ingest-message.ts";
import { METRICS } from "../core/metric-names.ts";
import type { Deps } from "./deps.ts";
import { ingestUpload } from "./ingest-upload.ts";
import { judgeDryRun } from "./judge-dry-run.ts";

/** When a record that failed comes back: longer each time, so that an outage does not use up its deliveries. */
const BACK_SECONDS = [15, 60, 180, 600];
/** When at the latest a file is looked at again whose user has others being read. It varies, so that some always come. */
const NEXT_SLOT_SECONDS = 20;
/** When an unreadable one does. Time does not mend it, so that the dead-letter queue may have it soon. */
const UNREADABLE_BACK_SECONDS = 3;

/**
 * Consumer of the `ingest` queue: one message names one uploaded file. Safe to deliver any record any number of times:
 * the catalog row decides, and a file that is read already is not read again.
 */
export const createHandler =
  (deps: Deps) =>
  async (event: SQSEvent): Promise<SQSBatchResponse> => {
    const failed: string[] = [];
    for (const record of event.Records) {
      if (!(await isDone(deps, record))) failed.push(record.messageId);
    }
    if (failed.length > 0) deps.meter.count(METRICS.RECORD_FAILED, failed.length);
    deps.meter.flush();
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
  };

const isDone = async (deps: Deps, record: SQSRecord): Promise<boolean> => {
  const fields = { message_id: record.messageId };
  const catalogId = catalogOfMessage(record.body);
  if (catalogId === undefined) {
    deps.meter.count(METRICS.RECORD_INVALID, 1);
    deps.log.error("record is unreadable and will end in the dead-letter queue", fields);
    await comeBack(deps, record, UNREADABLE_BACK_SECONDS);
    return false;
  }
  const received = Number(record.attributes.ApproximateReceiveCount);
  try {
    const dryRun = await deps.dryRuns.get(catalogId, deps.clock.now());
    const gotSlot = await (dryRun ? judgeDryRun(deps, dryRun, received) : ingestUpload(deps, catalogId));
    if (!gotSlot) {
      await deps.queue.sendLater(catalogId, Math.ceil(deps.random() * NEXT_SLOT_SECONDS));
      deps.log.info("as many files of this user as may be are being read, this one waits", { catalog_id: catalogId });
    }
    return true;
  } catch (error) {
    deps.log.error("the file could not be read, its message comes back", {
      ...fields,
      catalog_id: catalogId,
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
    await comeBack(deps, record, BACK_SECONDS[Math.min(received, BACK_SECONDS.length) - 1] ?? UNREADABLE_BACK_SECONDS);
    return false;
  }
};

/** If this fails, the message waits out the queue's visibility timeout, and `reconcile` sends another before that. */
const comeBack = async (deps: Deps, record: SQSRecord, seconds: number): Promise<void> => {
  try {
    await deps.queue.comeBackAfter(record.receiptHandle, seconds);
  } catch (error) {
    deps.log.warn("a message that failed comes back late", { message_id: record.messageId, error: String(error) });
  }
};
