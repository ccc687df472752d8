import { DeleteMessageBatchCommand, ReceiveMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { type DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";

/** What the least consumer works on. */
export interface BareWork {
  readonly sqs: SQSClient;
  readonly documents: DynamoDBDocumentClient;
  readonly queueUrl: string;
  readonly table: string;
  /** Loops that receive at the same time. */
  readonly workers: number;
  /** Messages after which it ends. */
  readonly messages: number;
}

/**
 * The least that a consumer can do: receive ten messages, write one item for each, delete them. No condition, no staging, no
 * function around it, so what it reaches is what queue and table give on this machine.
 * @returns messages done
 */
export const consumeBarely = async ({
  sqs,
  documents,
  queueUrl,
  table,
  workers,
  messages,
}: BareWork): Promise<number> => {
  let done = 0;
  const work = async (): Promise<void> => {
    while (done < messages) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 }),
      );
      if (Messages.length === 0) continue;
      await Promise.all(
        Messages.map(({ MessageId, Body }) =>
          documents.send(new PutCommand({ TableName: table, Item: { id: MessageId, body: Body } })),
        ),
      );
      const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
      await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
      done += Messages.length;
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  return done;
};
