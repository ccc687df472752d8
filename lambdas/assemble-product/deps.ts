import { createDocumentClient, createSqsClient } from "../common/adapters/aws/aws-clients.ts";
import { SqsConsumedQueue } from "../common/adapters/sqs/sqs-consumed-queue.ts";
import type { ConsumedQueue } from "../common/platform/sqs/consumed-queue.ts";
import type { AssembleDeps } from "../common/services/shop/assemble.ts";
import { buildAssembly } from "../common/services/wiring/products/shop-assembly.ts";
import { buildWorkerContext, type WorkerContext } from "../common/services/wiring/worker-context.ts";
import type { Env } from "./env.ts";

/** What `assemble-product` works with. */
export interface Deps extends WorkerContext, AssembleDeps {
  /** The two queues that it reads, by their names on AWS. */
  readonly queues: ReadonlyMap<string, ConsumedQueue>;
}

/** The last part of a queue's address is its name. */
const nameOf = (queueUrl: string): string => queueUrl.slice(queueUrl.lastIndexOf("/") + 1);

/** Wires the function once per cold start. */
export const buildDeps = (env: Env): Deps => {
  const sqs = createSqsClient();
  const context = buildWorkerContext(env);
  return {
    ...context,
    ...buildAssembly(env, { documents: createDocumentClient(), clock: context.clock }),
    queues: new Map(
      [env.CAPTION_QUEUE_URL, env.THUMBNAIL_QUEUE_URL].map((url) => [nameOf(url), new SqsConsumedQueue(sqs, url)]),
    ),
  };
};
