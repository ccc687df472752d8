import { createDocumentClient, createSqsClient } from "../common/adapters/aws/aws-clients.ts";
import type { PresentUsers } from "../common/adapters/cognito/present-users.ts";
import type { WebhookDeliveries } from "../common/adapters/dynamodb/webhooks/webhook-deliveries.ts";
import type { WebhookEndpoints } from "../common/adapters/dynamodb/webhooks/webhook-endpoints.ts";
import { WebhookTurns } from "../common/adapters/dynamodb/webhooks/webhook-turns.ts";
import { WebhookWindows } from "../common/adapters/dynamodb/webhooks/webhook-windows.ts";
import { SqsConsumedQueue } from "../common/adapters/sqs/sqs-consumed-queue.ts";
import type { WebhookQueue } from "../common/adapters/sqs/webhook-queue.ts";
import type { ConsumedQueue } from "../common/platform/sqs/consumed-queue.ts";
import { createPostWebhook, type PostWebhook } from "../common/platform/webhooks/post-webhook.ts";
import { createResolveHost } from "../common/platform/webhooks/resolve-host.ts";
import type { SecretSeal } from "../common/services/webhooks/secret-seal.ts";
import { buildPresentUsers } from "../common/services/wiring/present-users.ts";
import { buildWebhooks } from "../common/services/wiring/webhooks.ts";
import { buildWorkerContext, type WorkerContext } from "../common/services/wiring/worker-context.ts";
import type { Env } from "./env.ts";

/** What `deliver-webhooks` works with. */
export interface Deps extends WorkerContext {
  readonly endpoints: Pick<WebhookEndpoints, "list" | "change" | "subscribers">;
  readonly deliveries: Pick<WebhookDeliveries, "create" | "get" | "begin" | "settle" | "postpone" | "due">;
  readonly sendRights: Pick<WebhookTurns, "take">;
  readonly windows: Pick<WebhookWindows, "add" | "close" | "noteAnnounced" | "openGroup">;
  readonly queue: Pick<WebhookQueue, "send">;
  /** The queue that this function reads. */
  readonly ownQueue: ConsumedQueue;
  /** Whose endpoints may be sent anything. */
  readonly owners: Pick<PresentUsers, "isPresent">;
  readonly seal: Pick<SecretSeal, "open">;
  readonly post: PostWebhook;
  /** From 0 to less than 1. */
  readonly random: () => number;
}

/** Wires the function once per cold start. */
export const buildDeps = (env: Env): Deps => {
  const documents = createDocumentClient();
  const sqs = createSqsClient();
  const context = buildWorkerContext(env);
  const { endpoints, deliveries, queue, seal, allowed } = buildWebhooks(env, {
    ...{ documents, sqs },
    clock: context.clock,
  });
  return {
    ...context,
    ...{ endpoints, deliveries, queue, seal },
    owners: buildPresentUsers(env, context.clock),
    sendRights: new WebhookTurns(documents, env.WEBHOOKS_TABLE_NAME),
    windows: new WebhookWindows(documents, env.WEBHOOKS_TABLE_NAME),
    ownQueue: new SqsConsumedQueue(sqs, env.WEBHOOKS_QUEUE_URL),
    post: createPostWebhook({ resolveHost: createResolveHost(), allowed, userAgent: env.USER_AGENT }),
    random: Math.random,
  };
};
