import { ChangeMessageVisibilityCommand, DeleteMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { TransientError } from "../../core/errors.ts";
import type { ConsumedQueue } from "../../platform/sqs/consumed-queue.ts";
import { withSdkErrors } from "../aws/sdk-errors.ts";
import { MAX_REQUEST_ENTRIES } from "./request-entries.ts";

/** The SQS queue that a function reads. */
export class SqsConsumedQueue implements ConsumedQueue {
  readonly #client: SQSClient;
  readonly #url: string;

  constructor(client: SQSClient, url: string) {
    this.#client = client;
    this.#url = url;
  }

  async changeVisibility(receiptHandle: string, seconds: number): Promise<void> {
    await withSdkErrors("changing the visibility of a message", () =>
      this.#client.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl: this.#url,
          ReceiptHandle: receiptHandle,
          VisibilityTimeout: seconds,
        }),
      ),
    );
  }

  async remove(receiptHandles: readonly string[]): Promise<void> {
    for (let from = 0; from < receiptHandles.length; from += MAX_REQUEST_ENTRIES) {
      const Entries = receiptHandles
        .slice(from, from + MAX_REQUEST_ENTRIES)
        .map((ReceiptHandle, index) => ({ Id: String(index), ReceiptHandle }));
      const { Failed = [] } = await withSdkErrors("deleting messages", () =>
        this.#client.send(new DeleteMessageBatchCommand({ QueueUrl: this.#url, Entries })),
      );
      if (Failed.length > 0) throw new TransientError(`${Failed.length} messages could not be deleted`);
    }
  }
}
