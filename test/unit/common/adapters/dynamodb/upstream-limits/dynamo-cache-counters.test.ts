import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { BatchGetCommand, DynamoDBDocumentClient, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, it } from "vitest";
import { DynamoCacheCounters } from "../../../../../../lambdas/common/adapters/dynamodb/upstream-limits/dynamo-cache-counters.ts";
import { TransientError } from "../../../../../../lambdas/common/core/errors.ts";

const NOW = Date.UTC(2026, 6, 31, 12, 30);
const client = new DynamoDBClient({ region: "eu-central-1" });
const documentClient = DynamoDBDocumentClient.from(client);
const dynamo = mockClient(documentClient);
const clock = { now: () => NOW, sleep: async () => {} };
const counters = new DynamoCacheCounters({ documentClient, tableName: "limits", clock });

describe("DynamoCacheCounters", () => {
  beforeEach(() => dynamo.reset());

  it("counts an invocation by one write, and nothing when nothing was looked up", async () => {
    dynamo.on(UpdateCommand).resolves({});
    await counters.count({ lookups: 40, hits: 7 });
    await counters.count({ lookups: 0, hits: 0 });
    const [call, ...more] = dynamo.commandCalls(UpdateCommand);
    expect(more).toEqual([]);
    expect(call?.args[0].input).toMatchObject({
      Key: { limit_key: "usage#cache#2026-07-31T12" },
      UpdateExpression: expect.stringContaining("ADD #a0 :a0, #a1 :a1"),
      ExpressionAttributeNames: { "#ttl": "ttl", "#a0": "lookups", "#a1": "hits" },
      ExpressionAttributeValues: expect.objectContaining({ ":a0": 40, ":a1": 7, ":ttl": NOW / 1000 + 30 * 86_400 }),
    });
  });

  it("adds up the hours, a hundred a read", async () => {
    dynamo.on(BatchGetCommand).resolves({ Responses: { limits: [{ lookups: 10, hits: 4 }, { lookups: 2 }] } });
    expect(await counters.read(168)).toEqual({ lookups: 24, hits: 8 });
    const sizes = dynamo
      .commandCalls(BatchGetCommand)
      .map((call) => call.args[0].input.RequestItems?.limits?.Keys?.length);
    expect(sizes).toEqual([100, 68]);
  });

  it("says that the store cannot be reached", async () => {
    const away = Object.assign(new Error("away"), { name: "ServiceUnavailable", $metadata: { httpStatusCode: 503 } });
    dynamo.on(UpdateCommand).rejects(away).on(BatchGetCommand).rejects(away);
    await expect(counters.count({ lookups: 1, hits: 0 })).rejects.toThrow(TransientError);
    await expect(counters.read(1)).rejects.toThrow(TransientError);
  });
});
