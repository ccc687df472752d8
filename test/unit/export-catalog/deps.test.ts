import { BatchGetCommand, DynamoDBDocumentClient, QueryCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { expect, it } from "vitest";
import { buildDeps } from "../../../lambdas/export-catalog/deps.ts";
import { EnvSchema } from "../../../lambdas/export-catalog/env.ts";

process.env.AWS_REGION ??= "us-east-1";

it("products are read as of now, since an export may be asked for in the moment in which its run ends", async () => {
  const client = mockClient(DynamoDBDocumentClient);
  client.on(BatchGetCommand).resolves({}).on(QueryCommand).resolves({});
  const env = EnvSchema.parse({
    STAGE: "local",
    POWERTOOLS_SERVICE_NAME: "export-catalog",
    STATUS_TABLE_NAME: "status",
    PRODUCTS_TABLE_NAME: "products",
    LICENCE_ACKNOWLEDGEMENTS: "{}",
    CONTENT_ENDS_TABLE_NAME: "content-ends",
    OPERATIONS_TABLE_NAME: "operations",
    REFRESH_DEMAND_TABLE_NAME: "refresh-demand",
    BUCKET_NAME: "bucket",
    EXPORTS_QUEUE_URL: "https://sqs.example/q",
    MAX_RECEIVE_COUNT: "5",
  });
  client.on(UpdateCommand).resolves({});
  await buildDeps(env).products.getMany(["www.amazon.com#B000000001"]);
  expect(client.commandCalls(BatchGetCommand)[0]?.args[0].input.RequestItems?.products).toMatchObject({
    ConsistentRead: true,
  });
});
