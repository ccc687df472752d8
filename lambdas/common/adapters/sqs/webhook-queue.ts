import type { SQSClient } from "@aws-sdk/client-sqs";
import type { WebhookMessage } from "../../core/webhooks/webhook-message.ts";
import { sendAll } from "./send-all.ts";

/** A message and how long it stays hidden first, 0 to 900 s. */
export interface QueuedWebhook {
  readonly message: WebhookMessage;
  readonly delaySeconds: number;
}

/** The `webhooks` queue. */
export class WebhookQueue {
  readonly #client: SQSClient;
  readonly #url: string;

  constructor(client: SQSClient, url: string) {
    this.#client = client;
    this.#url = url;
  }

  /** Sends messages. @throws TransientError when some could not be sent; some of the others are in the queue then */
  async send(messages: readonly QueuedWebhook[]): Promise<void> {
    await sendAll(
      { client: this.#client, queueUrl: this.#url, doing: "sending webhook messages" },
      messages.map(({ message, delaySeconds }) => ({
        body: JSON.stringify(message),
        delaySeconds,
        // Fair queues: what piles up for one endpoint does not delay the others.
        groupId: message.kind === "attempt" ? message.webhook_id : message.kind,
      })),
    );
  }
}
