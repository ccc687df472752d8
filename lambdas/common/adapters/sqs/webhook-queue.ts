import type { SQSClient } from "@aws-sdk/client-sqs";
import type { WebhookMessage } from "../../core/webhooks/webhook-message.ts";
import { sendAll } from "./send-all.ts";

/** A message and how long it stays hidden first, 0 to 900 s. */
export interface QueuedWebhook {
  readonly message: WebhookMessage;
  readonly delaySeconds: number;
}

/** Fair queues: what piles up for one endpoint, or comes of the runs of one user, does not delay the others. */
const groupOf = (message: WebhookMessage): string => {
  if (message.kind === "attempt") return message.webhook_id;
  return message.kind === "run" ? message.run.owner_id : message.kind;
};

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
        groupId: groupOf(message),
      })),
    );
  }
}
