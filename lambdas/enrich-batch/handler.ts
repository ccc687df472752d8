import { BatchMessageSchema } from "../common/core/batches/batch-message.ts";
import { createBatchHandler } from "../common/platform/sqs/batch-handler.ts";
import type { Deps } from "./deps.ts";
import { processBatches } from "./process-batches.ts";

/** Wait after the first delivery that failed for now; twice as long after each further one. */
const FIRST_BACK_OFF_SECONDS = 10;
/** Longest that a record which failed for now stays away. */
const MAX_BACK_OFF_SECONDS = 300;

/** Consumer of the `enrich` queues: one message leads to one batch. Safe to deliver any record any number of times. */
export const createHandler = (deps: Deps) =>
  createBatchHandler(
    { queue: deps.ownQueue, log: deps.log, meter: deps.meter },
    {
      schema: BatchMessageSchema,
      logFields: ({ batch_id, correlation_id }) => ({ batch_id, correlation_id }),
      backOffSeconds: ({ receiveCount }) =>
        Math.min(MAX_BACK_OFF_SECONDS, FIRST_BACK_OFF_SECONDS * 2 ** (receiveCount - 1)),
      work: { together: (records, remainingMs) => processBatches(deps, records, remainingMs) },
    },
  );
