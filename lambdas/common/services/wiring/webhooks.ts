import { createSecretsClient } from "../../adapters/aws/aws-clients.ts";
import { WebhookDeliveries } from "../../adapters/dynamodb/webhooks/webhook-deliveries.ts";
import { WebhookEndpoints } from "../../adapters/dynamodb/webhooks/webhook-endpoints.ts";
import { CursorSecret } from "../../adapters/secrets/cursor-secret.ts";
import { WebhookQueue } from "../../adapters/sqs/webhook-queue.ts";
import type { Clock } from "../../core/clock.ts";
import { Cursors } from "../../platform/http/cursors.ts";
import { SecretSeal } from "../webhooks/secret-seal.ts";
import type { Clients } from "./clients.ts";

/** Environment that webhooks take. */
export interface WebhooksEnv {
  readonly WEBHOOKS_TABLE_NAME: string;
  readonly WEBHOOKS_QUEUE_URL: string;
  /** What the secrets of endpoints are encrypted with. */
  readonly WEBHOOK_KEY_ARN: string;
  /** IP addresses that are sent to although they are not public. */
  readonly WEBHOOK_ALLOWED_ADDRESSES: readonly string[];
}

/** Endpoints, their secrets and their deliveries. */
export interface Webhooks {
  readonly endpoints: WebhookEndpoints;
  readonly deliveries: WebhookDeliveries;
  readonly queue: WebhookQueue;
  readonly seal: SecretSeal;
  readonly allowed: readonly string[];
}

/** Builds what makes endpoints, and what delivers to them. */
export const buildWebhooks = (
  env: WebhooksEnv,
  { documents, sqs, clock }: Pick<Clients, "documents" | "sqs"> & { readonly clock: Clock },
): Webhooks => ({
  endpoints: new WebhookEndpoints(documents, env.WEBHOOKS_TABLE_NAME),
  deliveries: new WebhookDeliveries(documents, env.WEBHOOKS_TABLE_NAME),
  queue: new WebhookQueue(sqs, env.WEBHOOKS_QUEUE_URL),
  seal: new SecretSeal(new Cursors(new CursorSecret(createSecretsClient(), env.WEBHOOK_KEY_ARN, clock))),
  allowed: env.WEBHOOK_ALLOWED_ADDRESSES,
});
