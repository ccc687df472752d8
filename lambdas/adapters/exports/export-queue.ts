import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { ExportMessage } from "../../core/exports/export-message.ts";
import { withSdkErrors } from "../sdk-errors.ts";

/** The `exports` queue. */
export class ExportQueue {
  readonly #client: SQSClient;
  readonly #url: string;

  constructor(client: SQSClient, url: string) {
    this.#client = client;
    this.#url = url;
  }

  /** Wakes a worker for an export. */
  async send(message: ExportMessage): Promise<void> {
    await withSdkErrors("sending an export to the queue", () =>
      this.#client.send(
        new SendMessageCommand({
          QueueUrl: this.#url,
          MessageBody: JSON.stringify(message),
          // Fair queues: one user's many exports do not delay another's.
          MessageGroupId: message.user_id,
        }),
      ),
    );
  }
}
