import { setTimeout as delay } from "node:timers/promises";
import { GetQueueAttributesCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { type DynamoDBDocumentClient, ScanCommand } from "@aws-sdk/lib-dynamodb";

const POLL_MS = 100;

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

/** Waits until no message waits or is under way; begins after a moment, since an empty queue means nothing before the first one. */
export const untilEmpty = async (sqs: SQSClient, queueUrls: readonly string[]): Promise<void> => {
  for (const QueueUrl of queueUrls) {
    for (let open = 1; open > 0; ) {
      await delay(POLL_MS);
      const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }));
      open =
        Number(Attributes?.ApproximateNumberOfMessages) + Number(Attributes?.ApproximateNumberOfMessagesNotVisible);
    }
  }
};
