import { METRICS } from "../common/core/metric-names.ts";
import { type ShopEvent, ShopEventSchema } from "../common/core/shop/shop-event.ts";
import { backOffSeconds } from "../common/platform/sqs/back-off.ts";
import {
  createBatchHandler,
  type PartialBatchResponse,
  type RemainingTime,
} from "../common/platform/sqs/batch-handler.ts";
import type { ConsumedQueue } from "../common/platform/sqs/consumed-queue.ts";
import type { FailedRecord, WorkTogether } from "../common/platform/sqs/consumer.ts";
import type { RawRecord } from "../common/platform/sqs/queue-record.ts";
import { type Assembled, assemble } from "../common/services/shop/assemble.ts";
import type { Deps } from "./deps.ts";

/** Records of one of the two queues, and which one. */
export interface ShopQueueEvent {
  readonly Records: readonly (RawRecord & { readonly eventSourceARN?: string })[];
}

/**
 * Consumer of the queues `caption-parsed` and `thumbnail-generated`: each message is one half of a product. Safe to deliver
 * any record any number of times and in any order.
 */
export const createHandler = (deps: Deps) => {
  const handlerOf = (queue: ConsumedQueue) =>
    createBatchHandler(
      { queue, log: deps.log, meter: deps.meter },
      {
        schema: ShopEventSchema,
        logFields: ({ half, key }) => ({ half, ...key }),
        hidden: "invocation",
        backOffSeconds,
        work: { together: assembleAll(deps) },
      },
    );
  return async (event: ShopQueueEvent, context: RemainingTime): Promise<PartialBatchResponse> =>
    handlerOf(queueOf(deps, event))(event, context);
};

/** All records of an invocation come from one queue, whose name ends the ARN. A sample's queue is none of ours. */
const queueOf = ({ queues }: Deps, { Records }: ShopQueueEvent): ConsumedQueue => {
  const name = Records[0]?.eventSourceARN?.split(":").at(-1) ?? "";
  const queue = queues.get(name) ?? [...queues.values()][0];
  if (!queue) throw new Error("assemble-product reads no queue");
  return queue;
};

/** Each half is a matter of its own: one that fails keeps none of the others. */
const assembleAll =
  (deps: Deps): WorkTogether<ShopEvent> =>
  async (records) => {
    const failed: FailedRecord<ShopEvent>[] = [];
    await Promise.all(
      records.map(async (record) => {
        try {
          count(deps, record.message, await assemble(deps, record.message));
        } catch (error) {
          failed.push({ record, error });
        }
      }),
    );
    return { failed, leased: [] };
  };

const count = ({ meter, log }: Deps, { half, key }: ShopEvent, { isMade, isDuplicate, isConflicting }: Assembled) => {
  meter.count(METRICS.EVENTS_PROCESSED, 1);
  if (isMade) {
    meter.count(METRICS.ASSEMBLIES_COMPLETED, 1);
    log.info("product assembled", { ...key });
  }
  if (isDuplicate) meter.count(METRICS.DUPLICATE_EVENTS, 1);
  if (!isConflicting) return;
  meter.count(METRICS.CONFLICTING_EVENTS, 1);
  log.warn("an event says otherwise than the first one of its kind, which counts", { ...key, half });
};
