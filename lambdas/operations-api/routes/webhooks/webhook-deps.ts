import { createSqsClient } from "../../../common/adapters/aws/aws-clients.ts";
import type { WebhookDeliveries } from "../../../common/adapters/dynamodb/webhooks/webhook-deliveries.ts";
import type { WebhookEndpoints } from "../../../common/adapters/dynamodb/webhooks/webhook-endpoints.ts";
import type { WebhookQueue } from "../../../common/adapters/sqs/webhook-queue.ts";
import type { Clock } from "../../../common/core/clock.ts";
import { webhooksOff } from "../../../common/core/webhooks/webhooks-off.ts";
import type { SecretSeal } from "../../../common/services/webhooks/secret-seal.ts";
import type { Clients } from "../../../common/services/wiring/clients.ts";
import { buildWebhooks } from "../../../common/services/wiring/webhooks.ts";
import type { Env } from "../../env.ts";

/** What the routes of webhooks work with. */
export interface WebhookDeps {
  readonly endpoints: Pick<WebhookEndpoints, "list" | "change">;
  readonly deliveries: Pick<WebhookDeliveries, "create" | "get" | "list" | "reopen">;
  readonly queue: Pick<WebhookQueue, "send">;
  readonly seal: Pick<SecretSeal, "seal">;
  /** IP addresses that endpoints may have although they are not public. */
  readonly allowed: readonly string[];
  /** @throws ConflictError `webhooks_off` where the stage sends none */
  readonly require: () => void;
}

/** Builds them. */
export const buildWebhookDeps = (
  env: Env,
  { documents, clock }: Pick<Clients, "documents"> & { readonly clock: Clock },
): WebhookDeps => ({
  ...buildWebhooks(env, { documents, sqs: createSqsClient(), clock }),
  require: () => {
    if (env.WEBHOOKS_QUEUE_URL === "off") throw webhooksOff();
  },
});
