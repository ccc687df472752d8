import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DeleteCommand, DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, it } from "vitest";
import { DynamoTokenCache } from "../../../../../../lambdas/common/adapters/dynamodb/upstream-limits/dynamo-token-cache.ts";
import { TransientError } from "../../../../../../lambdas/common/core/errors.ts";

const NOW = 1_785_499_200_000;
const documentClient = DynamoDBDocumentClient.from(new DynamoDBClient({ region: "eu-central-1" }));
const dynamo = mockClient(documentClient);
const clock = { now: () => NOW, sleep: async () => undefined };
const cache = new DynamoTokenCache({ documentClient, tableName: "upstream-limits", clock });

describe("DynamoTokenCache", () => {
  beforeEach(() => dynamo.reset());

  it.each([
    [30_001, "secret-token"],
    [30_000, undefined],
    [-1, undefined],
  ])("gives a token that ends in %i ms as %s", async (left, token) => {
    dynamo
      .on(GetCommand)
      .resolves({ Item: { limit_key: "token#a", token: "secret-token", expires_at_ms: NOW + left } });
    expect(await cache.get("a")).toBe(token);
    expect(dynamo.commandCalls(GetCommand)[0]?.args[0].input.Key).toEqual({ limit_key: "token#a" });
  });

  it("gives nothing when nothing is cached", async () => {
    dynamo.on(GetCommand).resolves({});
    expect(await cache.get("a")).toBeUndefined();
  });

  it("stores a token with its end, and drops it", async () => {
    dynamo.on(PutCommand).resolves({}).on(DeleteCommand).resolves({});
    await cache.put("a", "secret-token", NOW + 3_600_500);
    await cache.drop("a");
    expect(dynamo.commandCalls(PutCommand)[0]?.args[0].input.Item).toEqual({
      limit_key: "token#a",
      token: "secret-token",
      expires_at_ms: NOW + 3_600_500,
      ttl: NOW / 1000 + 3_601,
    });
    expect(dynamo.commandCalls(DeleteCommand)[0]?.args[0].input.Key).toEqual({ limit_key: "token#a" });
  });

  it("throws TransientError, without the token in it, when the table fails", async () => {
    dynamo.rejects(new Error("socket hang up"));
    await expect(cache.get("a")).rejects.toThrow(TransientError);
    await expect(cache.drop("a")).rejects.toThrow(TransientError);
    const put = cache.put("a", "secret-token", NOW);
    await expect(put).rejects.toThrow(TransientError);
    await expect(put).rejects.not.toThrow(/secret-token/);
  });
});
