import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { TransientError } from "../../core/errors.ts";
import type { ConsumedQueue, ReceivingQueue } from "../../platform/sqs/consumed-queue.ts";
import type { RawRecord } from "../../platform/sqs/queue-record.ts";
import { withSdkErrors } from "../aws/sdk-errors.ts";
import { MAX_REQUEST_ENTRIES } from "./request-entries.ts";

/**
 * How long messages are hidden that a function receives itself: longer than it takes to claim their batches, which hides them
 * as long as their leases last. Those whose answer was lost come back after it.
 */
const RECEIVED_HIDDEN_SECONDS = 30;

/** The SQS queue that a function reads. */
export class SqsConsumedQueue implements ConsumedQueue, ReceivingQueue {
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

  async receive(most: number, waitSeconds: number): Promise<RawRecord[]> {
    const { Messages = [] } = await withSdkErrors("receiving messages", () =>
      this.#client.send(
        new ReceiveMessageCommand({
          QueueUrl: this.#url,
          MaxNumberOfMessages: Math.min(MAX_REQUEST_ENTRIES, most),
          // The queue's own wait is that of its event source.
          WaitTimeSeconds: waitSeconds,
          VisibilityTimeout: RECEIVED_HIDDEN_SECONDS,
          MessageSystemAttributeNames: ["ApproximateReceiveCount"],
        }),
      ),
    );
    return Messages.flatMap(({ MessageId, ReceiptHandle, Body = "", Attributes }) =>
      MessageId === undefined || ReceiptHandle === undefined
        ? []
        : {
            messageId: MessageId,
            receiptHandle: ReceiptHandle,
            body: Body,
            attributes: { ApproximateReceiveCount: Attributes?.ApproximateReceiveCount ?? "1" },
          },
    );
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
