import { BatchMessageSchema } from "../common/core/batches/batch-message.ts";
import { createBatchHandler } from "../common/platform/sqs/batch-handler.ts";
import { backOffSeconds } from "./back-off.ts";
import type { Deps } from "./deps.ts";
import { processBatches } from "./process-batches.ts";

/** Consumer of the `enrich` queues: one message leads to one batch. Safe to deliver any record any number of times. */
export const createHandler = (deps: Deps) =>
  createBatchHandler(
    { queue: deps.ownQueue, log: deps.log, meter: deps.meter },
    {
      schema: BatchMessageSchema,
      logFields: ({ batch_id, correlation_id }) => ({ batch_id, correlation_id }),
      hidden: "by-work",
      backOffSeconds,
      work: {
        together: (records, remainingMs, receiveMore) => processBatches(deps, records, remainingMs, receiveMore),
        from: deps.companyQueue,
      },
    },
  );
