import { createDocumentClient, createSqsClient } from "../common/adapters/aws/aws-clients.ts";
import { FailureStore } from "../common/adapters/dynamodb/failures/failure-store.ts";
import { ProductHistory } from "../common/adapters/dynamodb/product-history/product-history.ts";
import type { ProductReader } from "../common/adapters/dynamodb/products/product-reader.ts";
import { EventBus } from "../common/adapters/events/event-bus.ts";
import { createEventsClient } from "../common/adapters/events/events-client.ts";
import { WebhookQueue } from "../common/adapters/sqs/webhook-queue.ts";
import type { LicenceBook } from "../common/core/licences/licence-book.ts";
import { buildProductReader } from "../common/services/wiring/products/product-store.ts";
import { buildWorkerContext, type WorkerContext } from "../common/services/wiring/worker-context.ts";
import type { ChangeSink } from "./changes/change-sink.ts";
import { publishChanges } from "./changes/publish-changes.ts";
import { recordHistory } from "./changes/record-history.ts";
import type { Env } from "./env.ts";

/** What `publish-events` works with. */
export interface Deps extends Pick<WorkerContext, "log" | "meter"> {
  readonly products: Pick<ProductReader, "getMany">;
  readonly licences: LicenceBook;
  readonly history: Pick<ProductHistory, "latest">;
  /** In the order in which they take changes; the history is the last. */
  readonly sinks: readonly ChangeSink[];
  readonly failures: Pick<FailureStore, "getMany">;
  readonly bus: Pick<EventBus, "publish">;
  /** Where the stage has webhooks. */
  readonly webhooks: Pick<WebhookQueue, "send"> | undefined;
}

/** Wires the function once per cold start. */
export const buildDeps = (env: Env): Deps => {
  const documents = createDocumentClient();
  const { clock, log, meter } = buildWorkerContext(env);
  const history = new ProductHistory(documents, env.HISTORY_TABLE_NAME);
  const { products, licences, revoked } = buildProductReader(env, { documents, clock, log });
  const bus = new EventBus({ client: createEventsClient(), busName: env.EVENT_BUS_NAME, log, meter });
  const failures = new FailureStore(documents, env.FAILURES_TABLE_NAME);
  const webhooks =
    env.WEBHOOKS_QUEUE_URL === "off" ? undefined : new WebhookQueue(createSqsClient(), env.WEBHOOKS_QUEUE_URL);
  const sinks = [publishChanges(bus, { licences, revoked }), recordHistory(history)];
  return { products, licences, history, sinks, failures, bus, webhooks, log, meter };
};
