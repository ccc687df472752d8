import { backOffSeconds } from "../common/platform/sqs/back-off.ts";
import { createBatchHandler } from "../common/platform/sqs/batch-handler.ts";
import { acceptRequests } from "./accept-requests.ts";
import type { Deps } from "./deps.ts";
import { RequestMessageSchema } from "./request-message.ts";

/**
 * Consumer of the queue `requests`: each message is an event that asks for a product. Safe to deliver any record any number of
 * times: a request is accepted once.
 */
export const createHandler = (deps: Deps) =>
  createBatchHandler(
    { queue: deps.queue, log: deps.log, meter: deps.meter },
    {
      schema: RequestMessageSchema,
      hidden: "invocation",
      logFields: ({ id }) => ({ event_id: id }),
      backOffSeconds,
      work: { together: acceptRequests(deps) },
    },
  );
