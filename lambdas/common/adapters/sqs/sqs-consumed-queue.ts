import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
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

  /**
   * Has many records delivered again after `seconds` (0 to 43,200), ten a request.
   * @throws TransientError when some could not be changed; those wait the queue's visibility timeout out
   */
  async changeVisibilities(receiptHandles: readonly string[], seconds: number): Promise<void> {
    let refused = 0;
    for (const handles of requestsOf(receiptHandles)) {
      const Entries = handles.map((ReceiptHandle, index) => ({
        Id: String(index),
        ReceiptHandle,
        VisibilityTimeout: seconds,
      }));
      const { Failed = [] } = await withSdkErrors("changing the visibility of messages", () =>
        this.#client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: this.#url, Entries })),
      );
      refused += Failed.length;
    }
    if (refused > 0) throw new TransientError(`the visibility of ${refused} messages could not be changed`);
  }

  async remove(receiptHandles: readonly string[]): Promise<void> {
    for (const handles of requestsOf(receiptHandles)) {
      const Entries = handles.map((ReceiptHandle, index) => ({ Id: String(index), ReceiptHandle }));
      const { Failed = [] } = await withSdkErrors("deleting messages", () =>
        this.#client.send(new DeleteMessageBatchCommand({ QueueUrl: this.#url, Entries })),
      );
      if (Failed.length > 0) throw new TransientError(`${Failed.length} messages could not be deleted`);
    }
  }
}

/** As many a request as SQS takes. */
const requestsOf = (receiptHandles: readonly string[]): string[][] =>
  Array.from({ length: Math.ceil(receiptHandles.length / MAX_REQUEST_ENTRIES) }, (_, part) =>
    receiptHandles.slice(part * MAX_REQUEST_ENTRIES, (part + 1) * MAX_REQUEST_ENTRIES),
  );
