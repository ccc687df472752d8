import { ConditionalCheckFailedException, DynamoDBClient, InternalServerError } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, it } from "vitest";
import { DynamoSecretVersions } from "../../../../../../lambdas/common/adapters/dynamodb/upstream-limits/dynamo-secret-versions.ts";
import { TransientError } from "../../../../../../lambdas/common/core/errors.ts";

const client = mockClient(DynamoDBDocumentClient);
const versions = new DynamoSecretVersions({
  documentClient: DynamoDBDocumentClient.from(new DynamoDBClient({ region: "us-east-1" })),
  tableName: "limits",
});
beforeEach(() => client.reset());

describe("versions of secrets", () => {
  it("are noted by one write that only another version lets through", async () => {
    client.on(UpdateCommand).resolves({});
    expect(await versions.note("keepa#me", "v2")).toBe(true);
    expect(client.commandCalls(UpdateCommand).map(({ args: [command] }) => command.input)).toEqual([
      {
        TableName: "limits",
        Key: { limit_key: "secret#keepa#me" },
        UpdateExpression: "SET #version = :version, noted_by = :call",
        ConditionExpression: "attribute_not_exists(#version) OR #version <> :version",
        ExpressionAttributeNames: { "#version": "version" },
        ExpressionAttributeValues: { ":version": "v2", ":call": expect.stringMatching(/^[\w-]{36}$/) },
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      },
    ]);
  });

  it("are known when the condition refuses the write", async () => {
    client.on(UpdateCommand).rejects(new ConditionalCheckFailedException({ $metadata: {}, message: "no" }));
    expect(await versions.note("keepa#me", "v2")).toBe(false);
  });

  it("are unknown when the table does not answer", async () => {
    client.on(UpdateCommand).rejects(new InternalServerError({ $metadata: {}, message: "down" }));
    await expect(versions.note("keepa#me", "v2")).rejects.toBeInstanceOf(TransientError);
  });
});
