import { setTimeout as pause } from "node:timers/promises";
import { SendMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { BatchMessage } from "../../core/batches/batch-message.ts";
import { TransientError } from "../../core/errors.ts";
import { MAX_MESSAGE_DELAY_SECONDS } from "../../core/message-delay.ts";
import { withSdkErrors } from "../aws/sdk-errors.ts";
import { MAX_REQUEST_ENTRIES } from "./request-entries.ts";

const SEND_ATTEMPTS = 4;
/** Doubles with each attempt; half of it varies, so that senders that were refused together do not come back together. */
const FIRST_WAIT_MS = 50;

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
    for (let from = 0; from < messages.length; from += MAX_REQUEST_ENTRIES) {
      let open = messages.slice(from, from + MAX_REQUEST_ENTRIES);
      for (let attempt = 0; open.length > 0; attempt += 1) {
        if (attempt === SEND_ATTEMPTS)
          throw new TransientError(`${open.length} messages could not be sent to the queue`);
        if (attempt > 0) await this.#sleep(FIRST_WAIT_MS * 2 ** (attempt - 1) * (0.5 + Math.random() / 2));
        open = await this.#sendOnce(queueUrl, open);
      }
    }
  }

  async #sendOnce(queueUrl: string, messages: readonly QueuedBatch[]): Promise<QueuedBatch[]> {
    const { Failed = [] } = await withSdkErrors("sending batch messages", () =>
      this.#client.send(
        new SendMessageBatchCommand({
          QueueUrl: queueUrl,
          Entries: messages.map(({ message, delaySeconds }, index) => ({
            Id: String(index),
            MessageBody: bodyOf(message),
            DelaySeconds: Math.min(MAX_MESSAGE_DELAY_SECONDS, Math.max(0, Math.ceil(delaySeconds))),
            // Fair queues: one user's backlog does not delay another's messages.
            MessageGroupId: message.user_id,
          })),
        }),
      ),
    );
    const failed = new Set(Failed.map((entry) => entry.Id));
    return messages.filter((_, index) => failed.has(String(index)));
  }
}
