import { BatchQueue } from "../../../adapters/sqs/batch-queue.ts";
import type { Clients } from "../clients.ts";

/** Environment that the queues of batches take. */
export interface BatchQueuesEnv {
  readonly ENRICH_QUEUE_URL: string;
  readonly EXPRESS_QUEUE_URL: string;
}

/** How batches get to their consumers. */
export interface BatchQueues {
  readonly batchQueue: BatchQueue;
  /** Addresses of the two queues. */
  readonly queues: { readonly bulk: string; readonly express: string };
}

/** Builds the sender of batch messages, with the queues that they go to. */
export const buildBatchQueues = (env: BatchQueuesEnv, { sqs }: Pick<Clients, "sqs">): BatchQueues => ({
  batchQueue: new BatchQueue(sqs),
  queues: { bulk: env.ENRICH_QUEUE_URL, express: env.EXPRESS_QUEUE_URL },
});
