import { IngestBodySchema } from "../common/core/catalogs/ingest-message.ts";
import { createBatchHandler } from "../common/platform/sqs/batch-handler.ts";
import type { QueueRecord } from "../common/platform/sqs/queue-record.ts";
import type { Deps } from "./deps.ts";
import type { HideMessage } from "./in-reading-slot.ts";
import { ingestUpload } from "./ingest-upload.ts";
import { judgeDryRun } from "./judge-dry-run.ts";

/** When a record that failed comes back: longer each time, so that an outage does not use up its deliveries. */
const BACK_OFF_SECONDS = [15, 60, 180] as const;
/** When it does from its fourth delivery on. */
const MAX_BACK_OFF_SECONDS = 600;
/** Latest recheck of a file whose user has others being read. It varies, so that some always come. */
const NEXT_SLOT_SECONDS = 20;

/**
 * Consumer of the `ingest` queue: one message names one uploaded file. Safe to deliver any record any number of times:
 * the catalog row decides, and a file that is read already is not read again.
 */
export const createHandler = (deps: Deps) =>
  createBatchHandler(
    { queue: deps.ownQueue, log: deps.log, meter: deps.meter },
    {
      schema: IngestBodySchema,
      logFields: (catalogId) => ({ catalog_id: catalogId }),
      hidden: "by-work",
      backOffSeconds: ({ receiveCount }) => BACK_OFF_SECONDS[receiveCount - 1] ?? MAX_BACK_OFF_SECONDS,
      work: { each: (record) => readFile(deps, record) },
    },
  );

const readFile = async (
  deps: Deps,
  { message: catalogId, receiveCount, receiptHandle }: QueueRecord<string>,
): Promise<void> => {
  const hide: HideMessage = (seconds) => deps.ownQueue.changeVisibilities([receiptHandle], seconds);
  const dryRun = await deps.dryRuns.get(catalogId, deps.clock.now());
  const gotSlot = await (dryRun ? judgeDryRun(deps, dryRun, receiveCount, hide) : ingestUpload(deps, catalogId, hide));
  if (gotSlot) return;
  await deps.queue.sendLater(catalogId, Math.ceil(deps.random() * NEXT_SLOT_SECONDS));
  deps.log.info("as many files of this user as may be are being read, this one waits", { catalog_id: catalogId });
};
