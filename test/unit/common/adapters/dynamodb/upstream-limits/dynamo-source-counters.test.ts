import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { BatchGetCommand, DynamoDBDocumentClient, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, it } from "vitest";
import { DynamoSourceCounters } from "../../../../../../lambdas/common/adapters/dynamodb/upstream-limits/dynamo-source-counters.ts";
import { TransientError } from "../../../../../../lambdas/common/core/errors.ts";
import { latencyPercentile } from "../../../../../../lambdas/common/core/sources/analytics/source-usage.ts";

const NOW = Date.UTC(2026, 6, 31, 12, 30);
const documentClient = DynamoDBDocumentClient.from(new DynamoDBClient({ region: "eu-central-1" }));
const dynamo = mockClient(documentClient);
const sleeps: number[] = [];
const clock = { now: () => NOW, sleep: async (ms: number) => void sleeps.push(ms) };
const counters = new DynamoSourceCounters({ documentClient, tableName: "limits", clock });

describe("DynamoSourceCounters", () => {
  beforeEach(() => dynamo.reset());

  it("counts all calls of an invocation by one write into the hour", async () => {
    dynamo.on(UpdateCommand).resolves({});
    await counters.count("keepa", [
      { outcome: "success", latencyMs: 180.4 },
      { outcome: "throttled", code: "429", latencyMs: 40 },
      { outcome: "failed", code: "timeout", latencyMs: 31_000 },
    ]);
    const input = dynamo.commandCalls(UpdateCommand)[0]?.args[0].input;
    expect(input?.Key).toEqual({ limit_key: "usage#keepa#2026-07-31T12" });
    const added = Object.fromEntries(
      Object.entries(input?.ExpressionAttributeNames ?? {}).map(([placeholder, name]) => [
        name,
        input?.ExpressionAttributeValues?.[placeholder.replace("#", ":")],
      ]),
    );
    expect(added).toEqual({
      ttl: NOW / 1000 + 30 * 86_400,
      requests: 3,
      successes: 1,
      throttled: 1,
      latency_ms_total: 31_220,
      "failed:429": 1,
      "failed:timeout": 1,
      "latency:0": 1,
      "latency:2": 1,
      "latency:13": 1,
    });
    await counters.count("keepa", []);
    expect(dynamo.calls()).toHaveLength(1);
  });

  it("counts single ids that failed inside answered calls by their code, not as failed calls", async () => {
    dynamo.on(UpdateCommand).resolves({});
    await counters.count("sp-api", [
      { outcome: "success", latencyMs: 40, itemFailures: { InvalidAsin: 1, NOT_FOUND: 2 } },
      { outcome: "success", latencyMs: 40, itemFailures: { NOT_FOUND: 3 } },
      { outcome: "failed", code: "NOT_FOUND", latencyMs: 40 },
    ]);
    const input = dynamo.commandCalls(UpdateCommand)[0]?.args[0].input;
    const amounts = Object.entries(input?.ExpressionAttributeNames ?? {}).map(
      ([placeholder, name]) => [name, input?.ExpressionAttributeValues?.[placeholder.replace("#", ":")]] as const,
    );
    expect(Object.fromEntries(amounts)).toMatchObject({
      requests: 3,
      successes: 2,
      "failed:InvalidAsin": 1,
      "failed:NOT_FOUND": 6,
    });
  });

  it("adds up the hours of each source, asking again for keys that were not served", async () => {
    const first = { limit_key: "usage#keepa#2026-07-31T12", requests: 3, successes: 2, "failed:x": 1, "latency:1": 3 };
    const second = { limit_key: "usage#keepa#2026-07-31T11", requests: 7, successes: 7, "latency:4": 7, ttl: 1 };
    dynamo
      .on(BatchGetCommand)
      .resolvesOnce({
        Responses: { limits: [first] },
        UnprocessedKeys: { limits: { Keys: [{ limit_key: second.limit_key }] } },
      })
      .resolvesOnce({ Responses: { limits: [second] } });
    const [paapi, keepa] = await counters.read(["paapi", "keepa"], 2);
    expect(paapi?.requests).toBe(0);
    expect(keepa).toMatchObject({ source: "keepa", requests: 10, successes: 9, failuresByCode: { x: 1 } });
    expect(latencyPercentile(keepa?.latencyHistogram ?? [], 0.95)).toBe(500);
    expect(latencyPercentile(paapi?.latencyHistogram ?? [], 0.95)).toBeNull();
    expect(sleeps).toHaveLength(1);
  });

  it("reads a week of six sources by pages of 100 keys", async () => {
    dynamo.on(BatchGetCommand).resolves({ Responses: { limits: [] } });
    await counters.read(["creators-api", "paapi", "sp-api", "keepa", "product-page", "sample-data"], 168);
    const pages = dynamo
      .commandCalls(BatchGetCommand)
      .map((call) => call.args[0].input.RequestItems?.limits?.Keys?.length);
    expect(pages).toEqual([...new Array(10).fill(100), 8]);
  });

  it("throws TransientError when the table fails or never serves all keys", async () => {
    dynamo.rejects(new Error("socket hang up"));
    await expect(counters.count("keepa", [{ outcome: "success", latencyMs: 1 }])).rejects.toThrow(TransientError);
    await expect(counters.read(["keepa"], 1)).rejects.toThrow(TransientError);
    dynamo.reset();
    dynamo.on(BatchGetCommand).resolves({ UnprocessedKeys: { limits: { Keys: [{ limit_key: "x" }] } } });
    await expect(counters.read(["keepa"], 1)).rejects.toThrow(/too slowly/);
  });
});
