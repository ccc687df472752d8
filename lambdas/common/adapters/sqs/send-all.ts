import { SendMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { MAX_MESSAGE_DELAY_SECONDS } from "../../core/batches/message-delay.ts";
import { withSdkErrors } from "../aws/sdk-errors.ts";
import { untilNoneLeft } from "../aws/until-none-left.ts";
import { MAX_REQUEST_ENTRIES } from "./request-entries.ts";

const SEND_ATTEMPTS = 4;
const FIRST_WAIT_MS = 50;

/** One message to send. */
export interface OutgoingMessage {
  readonly body: string;
  /** How long it stays hidden first; more than 900 s count as 900. */
  readonly delaySeconds: number;
  /** @default none */
  readonly groupId?: string;
}

/** Where messages go. */
export interface SendPlace {
  readonly client: SQSClient;
  readonly queueUrl: string;
  /** What for, in the words of an error. */
  readonly doing: string;
  /** Waits so many milliseconds. @default a timer */
  readonly sleep?: (ms: number) => Promise<unknown>;
}

/**
 * Sends every message, ten a request, and sends those that the queue refused again after a moment.
 * @throws TransientError when some could not be sent; some of the others are in the queue then.
 */
export const sendAll = async (place: SendPlace, messages: readonly OutgoingMessage[]): Promise<void> => {
  const patience = { calls: SEND_ATTEMPTS, firstWaitMs: FIRST_WAIT_MS, sleep: place.sleep };
  for (let from = 0; from < messages.length; from += MAX_REQUEST_ENTRIES) {
    await untilNoneLeft(
      messages.slice(from, from + MAX_REQUEST_ENTRIES),
      (open) => sendOnce(place, open),
      patience,
      (left) => `${left} messages could not be sent to the queue`,
    );
  }
};

const sendOnce = async (
  { client, queueUrl, doing }: SendPlace,
  messages: readonly OutgoingMessage[],
): Promise<OutgoingMessage[]> => {
  const { Failed = [] } = await withSdkErrors(doing, () =>
    client.send(
      new SendMessageBatchCommand({
        QueueUrl: queueUrl,
        Entries: messages.map(({ body, delaySeconds, groupId }, index) => ({
          Id: String(index),
          MessageBody: body,
          DelaySeconds: Math.min(MAX_MESSAGE_DELAY_SECONDS, Math.max(0, Math.ceil(delaySeconds))),
          ...(groupId === undefined ? {} : { MessageGroupId: groupId }),
        })),
      }),
    ),
  );
  const failed = new Set(Failed.map((entry) => entry.Id));
  return messages.filter((_, index) => failed.has(String(index)));
};
