import { createDocumentClient, createS3Client, createSqsClient } from "../common/adapters/aws/aws-clients.ts";
import { createLogger, type Log } from "../common/platform/logger.ts";
import { newId } from "../common/platform/new-id.ts";
import { createSystemClock } from "../common/platform/system-clock.ts";
import type { Dispatcher } from "../common/services/dispatch/dispatcher.ts";
import { buildDispatcher } from "../common/services/wiring/runs/dispatcher.ts";
import type { Env } from "./env.ts";

/** What `dispatch-batches` works with. */
export interface Deps {
  readonly dispatcher: Pick<Dispatcher, "topUp">;
  readonly log: Log;
}

/** Wires the function once per cold start. */
export const buildDeps = (env: Env): Deps => {
  const clients = { documents: createDocumentClient(), s3: createS3Client(), sqs: createSqsClient() };
  const log = createLogger();
  return { log, dispatcher: buildDispatcher(env, { ...clients, clock: createSystemClock(env), newId, log }) };
};
