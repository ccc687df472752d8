import type { SQSClient } from "@aws-sdk/client-sqs";
import type { RefreshMessage } from "../../core/refresh/refresh-message.ts";
import { sendAll } from "./send-all.ts";

/** The `refresh` queue: one message points to one job. */
export class RefreshQueue {
  readonly #client: SQSClient;
  readonly #url: string;

  constructor(client: SQSClient, url: string) {
    this.#client = client;
    this.#url = url;
  }

  /**
   * Sends messages that are delivered after so many seconds, 900 at most. @default 0
   * @throws TransientError when some could not be sent; some of the others are in the queue then
   */
  async send(messages: readonly RefreshMessage[], delaySeconds = 0): Promise<void> {
    await sendAll(
      { client: this.#client, queueUrl: this.#url, doing: "sending refresh messages" },
      messages.map((message) => ({ body: JSON.stringify(message), delaySeconds })),
    );
  }
}
