import { createDocumentClient, createS3Client, createSqsClient } from "../common/adapters/aws/aws-clients.ts";
import { RequestCatalogs } from "../common/adapters/dynamodb/enrichment-status/request-catalogs.ts";
import { ShopOverrides } from "../common/adapters/dynamodb/marketplaces/shop-overrides.ts";
import { RequestClaims } from "../common/adapters/dynamodb/operations/request-claims.ts";
import { EventBus } from "../common/adapters/events/event-bus.ts";
import { createEventsClient } from "../common/adapters/events/events-client.ts";
import { SqsConsumedQueue } from "../common/adapters/sqs/sqs-consumed-queue.ts";
import type { CatalogSink } from "../common/core/catalogs/ingest/catalog-sink.ts";
import type { ShopSettings } from "../common/core/marketplaces/shop-settings.ts";
import type { ConsumedQueue } from "../common/platform/sqs/consumed-queue.ts";
import { buildCatalogSinks } from "../common/services/wiring/catalogs/catalog-sinks.ts";
import { buildDispatcher } from "../common/services/wiring/runs/dispatcher.ts";
import { buildWorkerContext, type WorkerContext } from "../common/services/wiring/worker-context.ts";
import type { Env } from "./env.ts";

/** What `accept-requests` works with. */
export interface Deps extends WorkerContext {
  /** The queue that this function reads. */
  readonly queue: ConsumedQueue;
  readonly claims: Pick<RequestClaims, "find" | "writeOf">;
  readonly catalogs: Pick<RequestCatalogs, "create">;
  /** A sink that writes below a prefix. */
  readonly openSink: (prefix: string) => CatalogSink;
  readonly dispatcher: Pick<ReturnType<typeof buildDispatcher>, "topUp">;
  /** What operators set for shops. */
  readonly shops: () => Promise<Pick<ShopSettings, "disabled">>;
  readonly bus: Pick<EventBus, "publish">;
}

/** Wires the function once per cold start. */
export const buildDeps = (env: Env): Deps => {
  const clients = { documents: createDocumentClient(), s3: createS3Client(), sqs: createSqsClient() };
  const { documents, s3, sqs } = clients;
  const context = buildWorkerContext(env);
  const { log, meter } = context;
  const overrides = new ShopOverrides(documents, env.MARKETPLACES_TABLE_NAME, context.clock);
  return {
    ...context,
    queue: new SqsConsumedQueue(sqs, env.REQUESTS_QUEUE_URL),
    claims: new RequestClaims(documents, env.OPERATIONS_TABLE_NAME),
    catalogs: new RequestCatalogs(documents, env.STATUS_TABLE_NAME),
    openSink: buildCatalogSinks(env, { s3, log, leftBehind: "an object of requests that were not accepted was left" }),
    dispatcher: buildDispatcher(env, { ...clients, ...context }),
    shops: () => overrides.settings(),
    bus: new EventBus({ client: createEventsClient(), busName: env.EVENT_BUS_NAME, log, meter }),
  };
};
