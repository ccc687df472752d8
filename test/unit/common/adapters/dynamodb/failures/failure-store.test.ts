import { DynamoDBDocumentClient, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { describe, expect, it } from "vitest";
import { FailureStore } from "../../../../../../lambdas/common/adapters/dynamodb/failures/failure-store.ts";
import { NOON } from "../../../../../helpers/rows.ts";

describe("failure store", () => {
  it("keeps when a failure was first seen, however often it is written", async () => {
    const mock = mockClient(DynamoDBDocumentClient);
    mock.on(UpdateCommand).resolves({});
    const failure = {
      tracking_id: "t",
      product_key: "k",
      catalog_id: "c",
      batch_id: "b",
      error_code: "ItemNotAccessible",
      source: "creators-api",
      raw_code: "ItemNotAccessible",
      message: "gone",
      attempts: 0,
      failed_at: new Date(NOON).toISOString(),
    };
    await new FailureStore(mock as unknown as DynamoDBDocumentClient, "failures").saveMany([failure]);
    const input = mock.commandCalls(UpdateCommand)[0]?.args[0].input;
    expect(input?.Key).toEqual({ tracking_id: "t", product_key: "k" });
    expect(input?.UpdateExpression).toMatch(
      /^SET #first = if_not_exists\(#first, :first\), .* REMOVE #closed, #retrying$/,
    );
  });
});
