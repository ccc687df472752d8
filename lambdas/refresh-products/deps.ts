import { createDocumentClient, createS3Client, createSqsClient } from "../common/adapters/aws/aws-clients.ts";
import type { ProductStore } from "../common/adapters/dynamodb/products/product-store.ts";
import { RefreshDemand } from "../common/adapters/dynamodb/refresh-demand/refresh-demand.ts";
import { RefreshJobStore } from "../common/adapters/dynamodb/refresh-jobs/refresh-job-store.ts";
import { RefreshQueue } from "../common/adapters/sqs/refresh-queue.ts";
import { SqsConsumedQueue } from "../common/adapters/sqs/sqs-consumed-queue.ts";
import type { LicenceBook } from "../common/core/licences/licence-book.ts";
import type { RateLimiter } from "../common/core/limiter/rate-limiter.ts";
import type { ConsumedQueue } from "../common/platform/sqs/consumed-queue.ts";
import type { SourceSupply } from "../common/services/enrich/ask-chain.ts";
import { createFetchNow, type FetchNow } from "../common/services/fetch/fetch-now.ts";
import { buildProductStore } from "../common/services/wiring/products/product-store.ts";
import { buildSourceChain } from "../common/services/wiring/sources/source-chain.ts";
import { buildWorkerContext, type WorkerContext } from "../common/services/wiring/worker-context.ts";
import type { Env } from "./env.ts";

/** What `refresh-products` works with. */
export interface Deps extends WorkerContext, Pick<SourceSupply, "readSources"> {
  readonly products: Pick<ProductStore, "getKnown">;
  readonly licences: LicenceBook;
  readonly jobs: Pick<RefreshJobStore, "claim" | "replace">;
  readonly demand: Pick<RefreshDemand, "countChanges" | "noteFailed">;
  readonly fetchNow: FetchNow;
  readonly limiter: Pick<RateLimiter, "state">;
  /** Sends a message that is delivered later. */
  readonly queue: Pick<RefreshQueue, "send">;
  /** The queue that this function reads. */
  readonly ownQueue: ConsumedQueue;
}

/** Wires the function once per cold start. */
export const buildDeps = (env: Env): Deps => {
  const documents = createDocumentClient();
  const sqs = createSqsClient();
  const context = buildWorkerContext(env);
  const { products, licences, revoked } = buildProductStore(env, { documents, ...context });
  const chain = buildSourceChain(env, { documents, s3: createS3Client(), revoked, ...context });
  return {
    ...context,
    products,
    licences,
    jobs: new RefreshJobStore(documents, env.REFRESH_JOBS_TABLE_NAME, context.log),
    demand: new RefreshDemand(documents, env.REFRESH_DEMAND_TABLE_NAME),
    limiter: chain.limiter,
    readSources: chain.readSources,
    fetchNow: createFetchNow({
      ...chain,
      ...context,
      products,
      upstreamTimeoutMs: env.UPSTREAM_TIMEOUT_MS,
    }),
    queue: new RefreshQueue(sqs, env.REFRESH_QUEUE_URL),
    ownQueue: new SqsConsumedQueue(sqs, env.REFRESH_QUEUE_URL),
  };
};
