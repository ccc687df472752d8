import {
  type MessageAttributeValue,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import type { MessageAttribute } from "../../core/dead-letters/letter.ts";
import { withSdkErrors } from "../aws/sdk-errors.ts";
import { MAX_REQUEST_ENTRIES } from "./request-entries.ts";
import { SqsConsumedQueue } from "./sqs-consumed-queue.ts";

/** Longer than it takes to keep ten messages. One that comes again although it is kept is kept once. */
const HIDDEN_SECONDS = 30;
/** Any wait has SQS ask all of its servers; without one it asks some, and may find nothing where something is. */
const WAIT_SECONDS = 1;

/** A message as it lies in a dead-letter queue. */
export interface DeadMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
  /** When it was sent first, milliseconds since the epoch; undefined: SQS does not say. */
  readonly sentAtMs: number | undefined;
  readonly receiveCount: number;
  readonly groupId: string | null;
}

/** A message to send, with the attributes of the one that it repeats. */
export interface RepeatedMessage extends Pick<DeadMessage, "body" | "attributes" | "groupId"> {}

const isBinary = ({ type }: Pick<MessageAttribute, "type">): boolean => type.startsWith("Binary");

const readAttribute = ({ DataType, StringValue, BinaryValue }: MessageAttributeValue): MessageAttribute => ({
  type: DataType ?? "String",
  value: StringValue ?? Buffer.from(BinaryValue ?? []).toString("base64"),
});

const writtenAttribute = (attribute: MessageAttribute): MessageAttributeValue => ({
  DataType: attribute.type,
  ...(isBinary(attribute) ? { BinaryValue: Buffer.from(attribute.value, "base64") } : { StringValue: attribute.value }),
});

const mapped = <From, To>(record: Readonly<Record<string, From>>, map: (value: From) => To): Record<string, To> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));

/** The dead-letter queues of a stage and the queues that their messages go back to, by physical names. */
export class DeadLetterQueues {
  readonly #client: SQSClient;
  readonly #base: string;

  /** @param anyQueueUrl address of any queue of the stage: the others differ from it in their names only */
  constructor(client: SQSClient, anyQueueUrl: string) {
    this.#client = client;
    this.#base = anyQueueUrl.slice(0, anyQueueUrl.lastIndexOf("/") + 1);
  }

  /** Receives up to ten messages and hides them for half a minute. @throws TransientError */
  async receive(name: string): Promise<DeadMessage[]> {
    const { Messages = [] } = await withSdkErrors("receiving dead letters", () =>
      this.#client.send(
        new ReceiveMessageCommand({
          QueueUrl: this.#base + name,
          MaxNumberOfMessages: MAX_REQUEST_ENTRIES,
          WaitTimeSeconds: WAIT_SECONDS,
          VisibilityTimeout: HIDDEN_SECONDS,
          MessageSystemAttributeNames: ["All"],
          MessageAttributeNames: ["All"],
        }),
      ),
    );
    return Messages.flatMap(({ MessageId, ReceiptHandle, Body = "", Attributes = {}, MessageAttributes = {} }) =>
      MessageId === undefined || ReceiptHandle === undefined
        ? []
        : {
            messageId: MessageId,
            receiptHandle: ReceiptHandle,
            body: Body,
            attributes: mapped(MessageAttributes, readAttribute),
            sentAtMs: Attributes.SentTimestamp === undefined ? undefined : Number(Attributes.SentTimestamp),
            receiveCount: Number(Attributes.ApproximateReceiveCount ?? "1"),
            groupId: Attributes.MessageGroupId ?? null,
          },
    );
  }

  /** Deletes messages. @throws TransientError when some could not be; they come again */
  async remove(name: string, receiptHandles: readonly string[]): Promise<void> {
    await new SqsConsumedQueue(this.#client, this.#base + name).remove(receiptHandles);
  }

  /** Sends one message. @throws TransientError; it may be in the queue all the same */
  async send(name: string, { body, attributes, groupId }: RepeatedMessage): Promise<void> {
    await withSdkErrors("sending a dead letter again", () =>
      this.#client.send(
        new SendMessageCommand({
          QueueUrl: this.#base + name,
          MessageBody: body,
          MessageAttributes: mapped(attributes, writtenAttribute),
          ...(groupId === null ? {} : { MessageGroupId: groupId }),
        }),
      ),
    );
  }
}
