import { DescribeTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { expect, it } from "vitest";
import { createReadTableSize } from "../../../../../lambdas/common/adapters/dynamodb/read-table-size.ts";

it("a table's size is what DynamoDB counts, 0 before its first count", async () => {
  const client = new DynamoDBClient({ region: "eu-central-1" });
  const tables = mockClient(client);
  tables
    .on(DescribeTableCommand, { TableName: "products" })
    .resolvesOnce({ Table: { ItemCount: 12 } })
    .resolves({});
  const size = createReadTableSize(client, "products");
  expect([await size(), await size()]).toEqual([12, 0]);
});
