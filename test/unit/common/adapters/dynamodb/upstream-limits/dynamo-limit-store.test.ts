import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DynamoDBClient,
  ProvisionedThroughputExceededException,
  ResourceNotFoundException,
} from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, it } from "vitest";
import { DynamoLimitStore } from "../../../../../../lambdas/common/adapters/dynamodb/upstream-limits/dynamo-limit-store.ts";
import { ConfigError, TransientError } from "../../../../../../lambdas/common/core/errors.ts";
import type { LimitItem } from "../../../../../../lambdas/common/core/limiter/limit-item.ts";
import { freshItem } from "../../../../../../lambdas/common/core/limiter/plan/fresh-item.ts";
import { StoreRateLimiter } from "../../../../../../lambdas/common/core/limiter/store-rate-limiter.ts";
import { LIMIT, START_MS } from "../../../core/limiter/limiter-rig.ts";

const documentClient = DynamoDBDocumentClient.from(new DynamoDBClient({ region: "eu-central-1" }));
const dynamo = mockClient(documentClient);
const REQUEST = { priority: "bulk", horizonMs: 2_000, units: 1 } as const;
const ITEM: LimitItem = { ...freshItem(LIMIT, START_MS), next_free_ms: START_MS + 500, sequence: 7 };

const onTheWire = (item: LimitItem): Record<string, AttributeValue> =>
  Object.fromEntries(
    Object.entries(item).map(([name, value]) => [
      name,
      typeof value === "number" ? { N: String(value) } : { S: String(value) },
    ]),
  );
const refusedWith = (item?: LimitItem): ConditionalCheckFailedException =>
  new ConditionalCheckFailedException({
    message: "The conditional request failed",
    $metadata: {},
    ...(item ? { Item: onTheWire(item) } : {}),
  });

const limiter = (): StoreRateLimiter =>
  new StoreRateLimiter({
    store: new DynamoLimitStore(documentClient, "upstream-limits"),
    clock: { now: () => START_MS, sleep: async () => undefined },
    ids: () => "owner-1",
    onStateChange: () => undefined,
  });

describe("a limiter over DynamoLimitStore", () => {
  beforeEach(() => dynamo.reset());

  it("takes a slot of the steady state by one conditional UpdateItem", async () => {
    dynamo.on(UpdateCommand).resolves({ Attributes: ITEM });
    const slot = await limiter().reserve(LIMIT, REQUEST);
    expect(slot).toMatchObject({ granted: true, atMs: START_MS + 500, sequence: 8, epoch: 0, guardMs: 25 });
    expect(dynamo.calls()).toHaveLength(1);
    expect(dynamo.commandCalls(UpdateCommand)[0]?.args[0].input).toEqual({
      TableName: "upstream-limits",
      Key: { limit_key: "creators-api#acme-21" },
      ConditionExpression:
        "#breaker = :v0 AND #quota_day = :v1 AND #guard_ms = :v2 AND attribute_not_exists(#announced_rate) AND " +
        "attribute_not_exists(#refill_per_minute) AND #calls_used <= :v3 AND attribute_not_exists(#tokens) AND #next_free_ms >= :v4 AND #next_free_ms <= :v5",
      UpdateExpression:
        "SET #stamped_ms = :v6 ADD #calls_used :v7, #sequence :v8, #units_granted :v9, #next_free_ms :v10",
      ExpressionAttributeNames: {
        "#breaker": "breaker",
        "#quota_day": "quota_day",
        "#guard_ms": "guard_ms",
        "#announced_rate": "announced_rate",
        "#refill_per_minute": "refill_per_minute",
        "#calls_used": "calls_used",
        "#tokens": "tokens",
        "#next_free_ms": "next_free_ms",
        "#stamped_ms": "stamped_ms",
        "#sequence": "sequence",
        "#units_granted": "units_granted",
      },
      ExpressionAttributeValues: {
        ":v0": "closed",
        ":v1": START_MS / 900_000,
        ":v2": 50,
        ":v3": 8_207,
        ":v4": START_MS,
        ":v5": START_MS + 2_000,
        ":v6": START_MS,
        ":v7": 1,
        ":v8": 1,
        ":v9": 1,
        ":v10": 1_050,
      },
      ReturnValues: "ALL_OLD",
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    });
  });

  it("creates the item when there is none", async () => {
    dynamo.on(UpdateCommand).rejectsOnce(refusedWith()).resolvesOnce({});
    expect(await limiter().reserve(LIMIT, REQUEST)).toMatchObject({ granted: true, atMs: START_MS, sequence: 1 });
    const created = dynamo.commandCalls(UpdateCommand)[1]?.args[0].input;
    expect(created?.ConditionExpression).toBe("attribute_not_exists(#limit_key)");
    expect(created?.UpdateExpression).not.toMatch(/#limit_key/);
    expect(Object.values(created?.ExpressionAttributeValues ?? {})).toContain(START_MS + 1_050);
  });

  it("plans anew from the item that a refused write brought along, without a read", async () => {
    dynamo
      .on(UpdateCommand)
      .rejectsOnce(refusedWith({ ...ITEM, next_free_ms: START_MS - 9_000 }))
      .resolvesOnce({ Attributes: { ...ITEM, next_free_ms: START_MS - 9_000 } });
    expect(await limiter().reserve(LIMIT, REQUEST)).toMatchObject({ granted: true, atMs: START_MS });
    expect(dynamo.commandCalls(UpdateCommand)[1]?.args[0].input.ConditionExpression).toMatch(/#next_free_ms <= :v4$/);
    expect(dynamo.commandCalls(GetCommand)).toHaveLength(0);
  });

  it("refuses from that item, by the one write that failed", async () => {
    dynamo.on(UpdateCommand).rejects(refusedWith({ ...ITEM, breaker: "open", open_until_ms: START_MS + 9_000 }));
    expect(await limiter().reserve(LIMIT, REQUEST)).toEqual({
      granted: false,
      reason: "circuit-open",
      retryAtMs: START_MS + 9_000,
    });
    expect(dynamo.calls()).toHaveLength(1);
  });

  it("takes the probe on the epoch as seen", async () => {
    const open: LimitItem = { ...ITEM, breaker: "open", epoch: 4, open_until_ms: START_MS };
    dynamo.on(UpdateCommand).rejectsOnce(refusedWith(open)).resolvesOnce({ Attributes: open });
    expect(await limiter().reserve(LIMIT, REQUEST)).toMatchObject({ probeOwner: "owner-1", epoch: 5 });
    const probe = dynamo.commandCalls(UpdateCommand)[1]?.args[0].input;
    expect(probe?.ConditionExpression).toMatch(
      /#breaker = :v0 AND #epoch = :v1 AND .*attribute_not_exists\(#probe_owner\)/,
    );
    expect(probe?.ExpressionAttributeValues).toMatchObject({ ":v0": "open", ":v1": 4 });
  });

  it("removes what a closed breaker no longer needs", async () => {
    const open: LimitItem = { ...ITEM, breaker: "open", epoch: 4, open_until_ms: START_MS, failures: "5@1" };
    dynamo.on(UpdateCommand).rejectsOnce(refusedWith(open)).resolves({ Attributes: open });
    const one = limiter();
    const slot = await one.reserve(LIMIT, REQUEST);
    if (!slot.granted) throw new Error("no probe");
    await one.report(LIMIT, slot, { kind: "success", signals: {}, latenessMs: 0 });
    const close = dynamo.commandCalls(UpdateCommand)[2]?.args[0].input;
    expect(close?.UpdateExpression).toMatch(/REMOVE .*#failures.*#open_until_ms.*#probe_owner/);
    expect(close?.ConditionExpression).toMatch(/#epoch = :v0 AND #breaker = :v1 AND #probe_owner = :v2/);
  });

  it("reads consistently for the state", async () => {
    dynamo.on(GetCommand).resolves({ Item: { ...ITEM, calls_used: 640 } });
    expect(await limiter().state(LIMIT)).toMatchObject({ usedToday: 640, leftToday: 8_000, breaker: "closed" });
    expect(dynamo.commandCalls(GetCommand)[0]?.args[0].input.ConsistentRead).toBe(true);
  });

  it.each([
    ["throttled", new ProvisionedThroughputExceededException({ message: "slow down", $metadata: {} })],
    ["out of reach", Object.assign(new Error("connect ECONNREFUSED"), { name: "TimeoutError" })],
  ])("grants nothing when the table is %s", async (_name, error) => {
    dynamo.on(UpdateCommand).rejects(error);
    dynamo.on(GetCommand).rejects(error);
    await expect(limiter().reserve(LIMIT, REQUEST)).rejects.toThrow(TransientError);
    await expect(limiter().state(LIMIT)).rejects.toThrow(TransientError);
  });

  it("says what to check when the table is missing", async () => {
    dynamo.on(UpdateCommand).rejects(new ResourceNotFoundException({ message: "no table", $metadata: {} }));
    await expect(limiter().reserve(LIMIT, REQUEST)).rejects.toThrow(ConfigError);
    await expect(limiter().reserve(LIMIT, REQUEST)).rejects.toThrow(/limits table's name/);
  });

  it("throws on an item that is not a limit item rather than guess", async () => {
    dynamo.on(UpdateCommand).resolves({ Attributes: { limit_key: LIMIT.limitKey, breaker: "ajar" } });
    await expect(limiter().reserve(LIMIT, REQUEST)).rejects.toThrow(/breaker/);
  });
});
