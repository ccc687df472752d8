import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { CreateQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";

/** Clients against a local endpoint, with credentials that only an emulator accepts. */
export const localClients = (endpoint: string) => {
  const settings = {
    endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "000000000000", secretAccessKey: "test" },
  };
  const dynamo = new DynamoDBClient(settings);
  return {
    dynamo,
    documents: DynamoDBDocumentClient.from(dynamo, { marshallOptions: { removeUndefinedValues: true } }),
    sqs: new SQSClient(settings),
    close: () => {
      dynamo.destroy();
    },
  };
};

type Key = readonly [name: string, type?: "S" | "N"];

const table = async (
  client: DynamoDBClient,
  name: string,
  hash: Key,
  range?: Key,
  indexes: Record<string, readonly [Key, Key]> = {},
) => {
  const keys = [hash, ...(range ? [range] : []), ...Object.values(indexes).flat()];
  const types = new Map(keys.map(([key, type = "S"]) => [key, type]));
  const schema = (pair: readonly Key[]) =>
    pair.map(([AttributeName], index) => ({
      AttributeName,
      KeyType: index === 0 ? ("HASH" as const) : ("RANGE" as const),
    }));
  const list = Object.entries(indexes);
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [...types].map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType })),
      KeySchema: schema(range ? [hash, range] : [hash]),
      ...(list.length === 0
        ? {}
        : {
            GlobalSecondaryIndexes: list.map(([IndexName, pair]) => ({
              IndexName,
              KeySchema: schema(pair),
              Projection: { ProjectionType: "KEYS_ONLY" as const },
            })),
          }),
    }),
  );
  return name;
};

/** Makes the tables that a run touches, with the keys of the real ones, under a prefix of their own. */
export const createStatusTables = async (client: DynamoDBClient, prefix: string) => ({
  status: await table(client, `${prefix}-status`, ["catalog_id"], ["batch_id"], {
    "by-user": [["user_id"], ["created_at"]],
    "open-runs": [["open_shard"], ["created_at"]],
    "due-batches": [["due_shard"], ["due_at"]],
  }),
  products: await table(client, `${prefix}-products`, ["product_key"]),
  contentEnds: await table(client, `${prefix}-content-ends`, ["ends_hour"], ["ends_at_id"]),
  failures: await table(client, `${prefix}-failures`, ["tracking_id"], ["product_key"]),
});

/** Makes a queue whose messages come back after `visibilitySeconds`. */
export const createQueue = async (client: SQSClient, name: string, visibilitySeconds: number): Promise<string> => {
  const { QueueUrl } = await client.send(
    new CreateQueueCommand({ QueueName: name, Attributes: { VisibilityTimeout: String(visibilitySeconds) } }),
  );
  if (QueueUrl === undefined) throw new Error(`queue ${name} was not created`);
  return QueueUrl;
};
