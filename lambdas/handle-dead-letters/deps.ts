import { createDocumentClient, createSqsClient } from "../common/adapters/aws/aws-clients.ts";
import { LetterJobStore } from "../common/adapters/dynamodb/dead-letters/letter-job-store.ts";
import { LetterStore } from "../common/adapters/dynamodb/dead-letters/letter-store.ts";
import { SubjectRows } from "../common/adapters/dynamodb/dead-letters/subject-rows.ts";
import { DeadLetterQueues } from "../common/adapters/sqs/dead-letter-queues.ts";
import type { CollectDeps } from "../common/services/dead-letters/collect-letters.ts";
import type { LetterWork } from "../common/services/dead-letters/letter-work.ts";
import { createSendLetter } from "../common/services/dead-letters/send-letter.ts";
import { buildWorkerContext, type WorkerContext } from "../common/services/wiring/worker-context.ts";
import type { Env } from "./env.ts";

/** What `handle-dead-letters` works with. */
export interface Deps extends Pick<WorkerContext, "clock" | "newId" | "log" | "meter"> {
  readonly letters: LetterWork["letters"] & CollectDeps["letters"] & Pick<LetterStore, "count">;
  readonly jobs: LetterWork["jobs"];
  readonly subjects: LetterWork["subjects"];
  readonly queues: CollectDeps["queues"];
  readonly sources: LetterWork["sources"];
  readonly sendLetter: LetterWork["sendLetter"];
}

/** Wires the function once per cold start. */
export const buildDeps = (env: Env): Deps => {
  const documents = createDocumentClient();
  const queues = new DeadLetterQueues(createSqsClient(), env.ENRICH_QUEUE_URL);
  return {
    ...buildWorkerContext(env),
    letters: new LetterStore(documents, env.DEAD_LETTERS_TABLE_NAME),
    jobs: new LetterJobStore(documents, env.DEAD_LETTERS_TABLE_NAME),
    subjects: new SubjectRows(documents, {
      status: env.STATUS_TABLE_NAME,
      operations: env.OPERATIONS_TABLE_NAME,
      refreshJobs: env.REFRESH_JOBS_TABLE_NAME,
      staging: env.STAGING_TABLE_NAME,
      shopProducts: env.SHOP_PRODUCTS_TABLE_NAME,
      webhooks: env.WEBHOOKS_TABLE_NAME,
    }),
    queues,
    sources: env.LETTER_SOURCES,
    sendLetter: createSendLetter(queues),
  };
};
