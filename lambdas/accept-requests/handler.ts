import { createBatchHandler } from "../common/platform/sqs/batch-handler.ts";
import { acceptRequests } from "./accept-requests.ts";
import type { Deps } from "./deps.ts";
import { RequestMessageSchema } from "./request-message.ts";

/** When a record that failed comes back: longer each time, so that an outage does not use up its deliveries. */
const BACK_OFF_SECONDS = [2, 15, 60, 180] as const;
/** When it does from its fifth delivery on. */
const MAX_BACK_OFF_SECONDS = 600;

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
      backOffSeconds: ({ receiveCount }) => BACK_OFF_SECONDS[receiveCount - 1] ?? MAX_BACK_OFF_SECONDS,
      work: { together: acceptRequests(deps) },
    },
  );
