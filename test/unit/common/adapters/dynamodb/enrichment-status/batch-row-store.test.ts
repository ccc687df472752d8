import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, it } from "vitest";
import { BatchRowStore } from "../../../../../../lambdas/common/adapters/dynamodb/enrichment-status/batch-row-store.ts";
import type { BatchRow } from "../../../../../../lambdas/common/core/batches/batch-row.ts";
import { TransientError } from "../../../../../../lambdas/common/core/errors.ts";
import { aBatch, anItem, NOON } from "../../../../../helpers/rows.ts";

const mock = mockClient(DynamoDBDocumentClient);
const store = new BatchRowStore(mock as unknown as DynamoDBDocumentClient, "status");
const now = new Date(NOON).toISOString();
const refused = (row?: BatchRow) =>
  new ConditionalCheckFailedException({
    message: "refused",
    $metadata: {},
    ...(row ? { Item: marshall(row, { removeUndefinedValues: true }) } : {}),
  });
const request = {
  catalog_id: "cat_1",
  batch_id: aBatch().batch_id,
  generation: 2,
  owner: "me",
  now,
  lease_until: new Date(NOON + 70_000).toISOString(),
};

beforeEach(() => mock.reset());

describe("batch row store", () => {
  it("claims a row by one write that asks for the old row on refusal", async () => {
    mock.on(UpdateCommand).resolves({ Attributes: aBatch({ generation: 2, lease_owner: "me", version: 1 }) });
    const result = await store.claim(request);
    expect(result).toMatchObject({ kind: "claimed", row: { generation: 2, version: 1 } });
    const input = mock.commandCalls(UpdateCommand)[0]?.args[0].input;
    expect(input).toMatchObject({
      TableName: "status",
      Key: { catalog_id: "cat_1", batch_id: request.batch_id },
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    });
    expect(input?.ConditionExpression).toContain("generation < :generation");
    expect(input?.ConditionExpression).toContain("lease_until < :now");
    expect(mock.calls()).toHaveLength(1);
  });

  it.each([
    ["settled", aBatch({ items: [anItem({ state: "enriched" })], generation: 1 })],
    ["older", aBatch({ generation: 3 })],
    ["leased", aBatch({ generation: 2, lease_owner: "other", lease_until: request.lease_until })],
  ])("says that a refused row is %s", async (kind, row) => {
    mock.on(UpdateCommand).rejects(refused(row));
    expect(await store.claim(request)).toEqual({ kind, row });
  });

  it("takes a refusal by its own claim, which the SDK repeated after the answer was lost, for the claim", async () => {
    const row = aBatch({ generation: 2, lease_owner: "me", lease_until: request.lease_until, version: 1 });
    mock.on(UpdateCommand).rejects(refused(row));
    expect(await store.claim(request)).toEqual({ kind: "claimed", row });
    expect((await store.claim({ ...request, owner: "me too" })).kind).toBe("leased");
    expect((await store.claim({ ...request, generation: 1 })).kind).toBe("older");
  });

  it("lists the unsettled batches of a run over all shards, those due first first", async () => {
    const shards: Record<string, [id: string, due: string][]> = {
      "0": [["run#8", "10:02"]],
      "1": [
        ["other#1", "09:00"],
        ["run#9", "10:01"],
        ["run#1", "10:03"],
      ],
      "7": [["run#7", "10:02"]],
    };
    mock.on(QueryCommand).callsFake(({ ExpressionAttributeValues }) => ({
      Items: (shards[ExpressionAttributeValues[":shard"]] ?? []).map(([batch_id, due_at]) => ({ batch_id, due_at })),
    }));
    expect(await store.listUnsettled("run")).toEqual(["run#9", "run#7", "run#8", "run#1"]);
  });

  it("says that a row is missing when its catalog was deleted", async () => {
    mock.on(UpdateCommand).rejects(refused());
    expect(await store.claim(request)).toEqual({ kind: "missing" });
  });

  it("turns throttling into an error that may pass", async () => {
    mock.on(UpdateCommand).rejects(Object.assign(new Error("slow down"), { name: "ThrottlingException" }));
    await expect(store.claim(request)).rejects.toBeInstanceOf(TransientError);
  });

  it("writes a batch once and reports that it was there already", async () => {
    mock.on(PutCommand).resolvesOnce({}).rejectsOnce(refused());
    expect(await store.create(aBatch())).toEqual({ kind: "created" });
    expect(await store.create(aBatch())).toEqual({ kind: "exists" });
    expect(mock.commandCalls(PutCommand)[0]?.args[0].input.ConditionExpression).toBe("attribute_not_exists(batch_id)");
  });

  it("replaces a row only on the version that was read, and raises it", async () => {
    mock.on(PutCommand).resolvesOnce({}).rejectsOnce(refused());
    const row = aBatch({ version: 4 });
    expect(await store.replace(row, { ...row, due_at: now })).toBe(true);
    const input = mock.commandCalls(PutCommand)[0]?.args[0].input;
    expect(input).toMatchObject({ Item: { version: 5, due_at: now }, ExpressionAttributeValues: { ":version": 4 } });
    expect(await store.replace(row, row)).toBe(false);
  });

  it("gives a lease back without touching anything else", async () => {
    mock.on(PutCommand).resolves({});
    await store.release(aBatch({ lease_owner: "me", lease_until: now, version: 2 }));
    expect(mock.commandCalls(PutCommand)[0]?.args[0].input.Item).toEqual(aBatch({ version: 3 }));
  });

  it("reads a row consistently, and undefined when there is none", async () => {
    mock.on(GetCommand).resolvesOnce({ Item: aBatch() }).resolvesOnce({});
    expect(await store.get("cat_1", "b")).toEqual(aBatch());
    expect(await store.get("cat_1", "b")).toBeUndefined();
    expect(mock.commandCalls(GetCommand)[0]?.args[0].input.ConsistentRead).toBe(true);
  });

  it("lists what is due in a shard, most overdue first", async () => {
    mock.on(QueryCommand).resolves({ Items: [{ catalog_id: "c", batch_id: "b", due_at: now }] });
    expect(await store.listDue(3, now, 10)).toEqual([{ catalog_id: "c", batch_id: "b", due_at: now }]);
    expect(mock.commandCalls(QueryCommand)[0]?.args[0].input).toMatchObject({
      IndexName: "due-batches",
      ExpressionAttributeValues: { ":shard": "3", ":now": now },
      Limit: 10,
    });
  });
});
