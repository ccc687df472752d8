import { DescribeTableCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { withSdkErrors } from "../aws/sdk-errors.ts";

/**
 * Reads how many items a table holds, as DynamoDB counts them about every six hours; counting them ourselves would
 * read the whole table.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TableDescription.html
 * @throws TransientError when DynamoDB cannot be reached
 */
export const createReadTableSize =
  (client: DynamoDBClient, tableName: string): (() => Promise<number>) =>
  async () => {
    const { Table } = await withSdkErrors("counting stored products", () =>
      client.send(new DescribeTableCommand({ TableName: tableName })),
    );
    return Table?.ItemCount ?? 0;
  };
