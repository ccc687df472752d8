import { setTimeout as delay } from "node:timers/promises";
import { GetQueueAttributesCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { type DynamoDBDocumentClient, ScanCommand } from "@aws-sdk/lib-dynamodb";

const POLL_MS = 200;

/** Items of a table, page by page. */
export const countItems = async (documents: DynamoDBDocumentClient, TableName: string | undefined): Promise<number> => {
  let total = 0;
  let ExclusiveStartKey: Record<string, unknown> | undefined;
  do {
    const page = await documents.send(
      new ScanCommand({ TableName, Select: "COUNT", ...(ExclusiveStartKey ? { ExclusiveStartKey } : {}) }),
    );
    total += page.Count ?? 0;
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return total;
};

/** Waits until no message of any of the queues waits or is under way, by the same look at all of them. Call it after all are sent. */
export const untilEmpty = async (sqs: SQSClient, queueUrls: readonly string[]): Promise<void> => {
  const openOf = async (QueueUrl: string): Promise<number> => {
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }));
    return Number(Attributes?.ApproximateNumberOfMessages) + Number(Attributes?.ApproximateNumberOfMessagesNotVisible);
  };
  for (;;) {
    const open = await Promise.all(queueUrls.map(openOf));
    if (open.every((messages) => messages === 0)) return;
    await delay(POLL_MS);
  }
};
