import { GetQueueAttributesCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { type DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";

/** A key that no row has; reading it costs half a read unit and proves that the table answers. */
const NO_SUCH_ROW = { catalog_id: "health", batch_id: "health" };

/** Asks the table of catalogs for a row that does not exist. Throws when no answer comes. */
export const createDatabaseProbe =
  (client: DynamoDBDocumentClient, tableName: string) =>
  async (signal: AbortSignal): Promise<void> => {
    await client.send(new GetCommand({ TableName: tableName, Key: NO_SUCH_ROW }), { abortSignal: signal });
  };

/** Asks the queue for one attribute. Throws when no answer comes. */
export const createQueueProbe =
  (client: SQSClient, queueUrl: string) =>
  async (signal: AbortSignal): Promise<void> => {
    await client.send(
      new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ["ApproximateNumberOfMessages"] }),
      { abortSignal: signal },
    );
  };
