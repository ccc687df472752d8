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
import { assembleAll } from "../common/services/shop/assemble.ts";
import type { Judged } from "../common/services/shop/judge-event.ts";
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
        work: { together: assembleTogether(deps) },
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

/** Each product is a matter of its own: one that fails keeps none of the others. */
const assembleTogether =
  (deps: Deps): WorkTogether<ShopEvent> =>
  async (records) => {
    const { made, outcomes } = await assembleAll(
      deps,
      records.map(({ message }) => message),
    );
    if (made.length > 0) {
      deps.log.info("products assembled", { products: made });
      deps.meter.count(METRICS.ASSEMBLIES_COMPLETED, made.length);
    }
    const failed: FailedRecord<ShopEvent>[] = [];
    for (const [index, record] of records.entries()) {
      const outcome = outcomes[index];
      if (!outcome || "error" in outcome) failed.push({ record, error: outcome?.error });
      else count(deps, record.message, outcome);
    }
    return { failed, leased: [] };
  };

const count = ({ meter, log }: Deps, { half, key }: ShopEvent, { isDuplicate, isConflicting }: Judged): void => {
  meter.count(METRICS.EVENTS_PROCESSED, 1);
  if (isDuplicate) meter.count(METRICS.DUPLICATE_EVENTS, 1);
  if (!isConflicting) return;
  meter.count(METRICS.CONFLICTING_EVENTS, 1);
  log.warn("an event says otherwise than the first one of its kind, which counts", { ...key, half });
};
