import { RefreshMessageSchema } from "../common/core/refresh/refresh-message.ts";
import { createBatchHandler } from "../common/platform/sqs/batch-handler.ts";
import type { Deps } from "./deps.ts";
import { refreshJob } from "./refresh-job.ts";

/** Wait after a delivery that failed, more with every delivery. */
const BACK_OFF_SECONDS = 30;

/** Consumer of the `refresh` queue: one message points to one call. Safe to deliver any number of times: the job decides. */
export const createHandler = (deps: Deps) =>
  createBatchHandler(
    { queue: deps.ownQueue, log: deps.log, meter: deps.meter },
    {
      schema: RefreshMessageSchema,
      logFields: ({ refresh_date, job_id }) => ({ refresh_date, job_id }),
      hidden: "invocation",
      backOffSeconds: ({ receiveCount }) => BACK_OFF_SECONDS * receiveCount,
      work: { each: ({ message }, remainingMs) => refreshJob(deps, message, remainingMs()) },
    },
  );
