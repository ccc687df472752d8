import { setTimeout as pause } from "node:timers/promises";
import type { SQSClient } from "@aws-sdk/client-sqs";
import type { BatchMessage } from "../../core/batches/batch-message.ts";
import { sendAll } from "./send-all.ts";

/** Characters that XML, and so SQS, has no place for; `JSON.stringify` escapes all others of that kind. */
const NOT_SENT = /[\ufffe\uffff]/g;

/** A message as text of characters that SQS takes; parsing it gives the same message. */
const bodyOf = (message: BatchMessage): string =>
  JSON.stringify(message).replace(NOT_SENT, (character) => `\\u${character.charCodeAt(0).toString(16)}`);

/** A message and how long it stays hidden first, 0 to 900 s. */
export interface QueuedBatch {
  readonly message: BatchMessage;
  readonly delaySeconds: number;
}

/** Sends the messages of batch rows. */
export class BatchQueue {
  readonly #client: SQSClient;
  readonly #sleep: (ms: number) => Promise<unknown>;

  /** @param sleep waits so many milliseconds. @default a timer */
  constructor(client: SQSClient, sleep: (ms: number) => Promise<unknown> = pause) {
    this.#client = client;
    this.#sleep = sleep;
  }

  /**
   * Sends every batch message, and sends those that the queue refused again after a moment.
   * @throws TransientError when some could not be sent; some of the others are in the queue then.
   */
  async send(queueUrl: string, messages: readonly QueuedBatch[]): Promise<void> {
    await sendAll(
      { client: this.#client, queueUrl, doing: "sending batch messages", sleep: this.#sleep },
      messages.map(({ message, delaySeconds }) => ({
        body: bodyOf(message),
        delaySeconds,
        // Fair queues: one user's backlog does not delay another's messages.
        groupId: message.user_id,
      })),
    );
  }
}
