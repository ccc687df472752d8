import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateTableCommand, DeleteTableCommand, DynamoDBClient, waitUntilTableExists } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DynamoLimitStore } from "../../../lambdas/common/adapters/dynamodb/upstream-limits/dynamo-limit-store.ts";
import { DynamoSourceCounters } from "../../../lambdas/common/adapters/dynamodb/upstream-limits/dynamo-source-counters.ts";
import { DynamoTokenCache } from "../../../lambdas/common/adapters/dynamodb/upstream-limits/dynamo-token-cache.ts";
import type { Slot } from "../../../lambdas/common/core/limiter/rate-limiter.ts";
import { buildRateLimiter } from "../../../lambdas/common/services/wiring/sources/rate-limiter.ts";
import { startEmulator } from "../../../local/emulator/start-emulator.ts";
import { silentLog } from "../../helpers/silent.ts";
import { comeTo } from "../../unit/common/core/limiter/come-to.ts";
import { describeLimitStore } from "../../unit/common/core/limiter/limit-store-contract.ts";
import { LIMIT } from "../../unit/common/core/limiter/limiter-rig.ts";

const clock = {
  now: () => Date.now(),
  sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, Math.max(0, ms))),
};
const tableName = `limiter-store-${process.pid}-${Date.now()}`;
let client: DynamoDBClient;
let documentClient: DynamoDBDocumentClient;
let stop: () => Promise<void> = async () => undefined;

/** The endpoint of `TEST_DYNAMODB_ENDPOINT` when set (any DynamoDB), else an emulator started for this file. */
const startEndpoint = async (): Promise<string> => {
  const given = process.env.TEST_DYNAMODB_ENDPOINT;
  if (given) return given;
  const dir = await mkdtemp(join(tmpdir(), "limiter-store-"));
  const emulator = await startEmulator({ dir, port: 0 });
  stop = async () => {
    await emulator.stop();
    await rm(dir, { recursive: true, force: true });
  };
  return emulator.url;
};

beforeAll(async () => {
  client = new DynamoDBClient({
    endpoint: await startEndpoint(),
    region: process.env.AWS_REGION ?? "us-east-1",
    ...(process.env.AWS_ACCESS_KEY_ID ? {} : { credentials: { accessKeyId: "test", secretAccessKey: "test" } }),
  });
  documentClient = DynamoDBDocumentClient.from(client);
  await client.send(
    new CreateTableCommand({
      TableName: tableName,
      AttributeDefinitions: [{ AttributeName: "limit_key", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "limit_key", KeyType: "HASH" }],
      BillingMode: "PAY_PER_REQUEST",
    }),
  );
  await waitUntilTableExists({ client, maxWaitTime: 60 }, { TableName: tableName });
});

afterAll(async () => {
  await client.send(new DeleteTableCommand({ TableName: tableName })).finally(stop);
});

describeLimitStore("limit items in DynamoDB", () => new DynamoLimitStore(documentClient, tableName));

describe("the limiter on DynamoDB, in real time", () => {
  it("keeps calls of five instances 250 ms apart at four calls a second, none lost, none double", async () => {
    const limit = { ...LIMIT, limitKey: "real-time#acme", callsPerSecond: 4 };
    const started: number[] = [];
    const sequences: number[] = [];
    const caller = async (): Promise<void> => {
      let ids = 0;
      const newId = () => {
        ids += 1;
        return `owner-${ids}`;
      };
      const parts = { documents: documentClient, clock, newId, log: silentLog };
      const limiter = buildRateLimiter({ LIMITS_TABLE_NAME: tableName }, parts);
      for (let done = 0; done < 5; ) {
        const answer = await limiter.reserve(limit, { priority: "express", horizonMs: 5_000, units: 1 });
        if (!answer.granted) {
          await clock.sleep(answer.retryAtMs - clock.now());
          continue;
        }
        const slot: Slot = answer;
        sequences.push(slot.sequence);
        const used = await comeTo(limiter, slot);
        if (!used) continue;
        started.push(clock.now());
        const latenessMs = Math.max(0, limiter.lateness(used));
        done += 1;
        await limiter.report(limit, used, { kind: "success", signals: {}, latenessMs });
      }
    };
    await Promise.all(Array.from({ length: 5 }, caller));
    const sorted = started.toSorted((a, b) => a - b);
    const gaps = sorted.slice(1).map((at, place) => at - (sorted[place] ?? 0));
    expect(started).toHaveLength(25);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(250);
    expect(new Set(sequences).size).toBe(sequences.length);
    expect(Math.max(...sequences)).toBe(sequences.length);
  });

  it("keeps tokens until they end and counters by the hour beside the limits", async () => {
    const parts = { documentClient, tableName, clock };
    const tokens = new DynamoTokenCache(parts);
    await tokens.put("creators-api#1", "abc", clock.now() + 60_000);
    expect(await tokens.get("creators-api#1")).toBe("abc");
    await tokens.put("creators-api#1", "abc", clock.now() + 20_000);
    expect(await tokens.get("creators-api#1")).toBeUndefined();
    await tokens.drop("creators-api#1");
    expect(await tokens.get("creators-api#1")).toBeUndefined();

    const counters = new DynamoSourceCounters(parts);
    await counters.count("keepa", [{ outcome: "success", latencyMs: 120 }]);
    await counters.count("keepa", [{ outcome: "throttled", code: "429", latencyMs: 30 }]);
    const [keepa] = await counters.read(["keepa"], 2);
    expect(keepa).toMatchObject({ requests: 2, successes: 1, throttled: 1, failuresByCode: { "429": 1 } });
    expect(keepa?.latencyMsTotal).toBe(150);
  });
});
