import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { MAX_MESSAGE_DELAY_SECONDS } from "../../core/batches/message-delay.ts";
import type { ExportMessage } from "../../core/exports/export-message.ts";
import { withSdkErrors } from "../aws/sdk-errors.ts";

/** The `exports` queue. */
export class ExportQueue {
  readonly #client: SQSClient;
  readonly #url: string;

  constructor(client: SQSClient, url: string) {
    this.#client = client;
    this.#url = url;
  }

  /** Starts a pass over an export, after so many seconds or as many as SQS allows. */
  async send(message: ExportMessage, delaySeconds = 0): Promise<void> {
    await withSdkErrors("sending an export to the queue", () =>
      this.#client.send(
        new SendMessageCommand({
          QueueUrl: this.#url,
          MessageBody: JSON.stringify(message),
          DelaySeconds: Math.min(MAX_MESSAGE_DELAY_SECONDS, delaySeconds),
          // Fair queues: one user's many exports do not delay another's.
          MessageGroupId: message.user_id,
        }),
      ),
    );
  }
}
