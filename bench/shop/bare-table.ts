import { CreateTableCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";

/** Creates the table of a way that writes one item a message. @returns ARN of its stream; undefined without one */
export const createBareTable = async (
  dynamo: DynamoDBClient,
  TableName: string,
  withStream: boolean,
): Promise<string | undefined> => {
  const { TableDescription } = await dynamo.send(
    new CreateTableCommand({
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      ...(withStream ? { StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_IMAGE" } } : {}),
    }),
  );
  return TableDescription?.LatestStreamArn;
};
