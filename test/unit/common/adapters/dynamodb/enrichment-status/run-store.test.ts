import { ConditionalCheckFailedException, TransactionCanceledException } from "@aws-sdk/client-dynamodb";
import {
  BatchGetCommand,
  DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, it } from "vitest";
import { RunStore } from "../../../../../../lambdas/common/adapters/dynamodb/enrichment-status/run-store.ts";
import type { UnreadableRow } from "../../../../../../lambdas/common/adapters/dynamodb/enrichment-status/unreadable-row.ts";
import { TransientError } from "../../../../../../lambdas/common/core/errors.ts";
import { aBatch, aCatalog, aRun, NOON } from "../../../../../helpers/rows.ts";

const mock = mockClient(DynamoDBDocumentClient);
const store = new RunStore(mock as unknown as DynamoDBDocumentClient, "status");
const now = new Date(NOON).toISOString();
const refused = new ConditionalCheckFailedException({ message: "refused", $metadata: {} });
const cancelledBy = (Code: string) =>
  new TransactionCanceledException({ message: "cancelled", $metadata: {}, CancellationReasons: [{ Code }] });
const cancelled = cancelledBy("ConditionalCheckFailed");

const throwing = ({ error }: UnreadableRow) => {
  throw error;
};

beforeEach(() => mock.reset());

describe("runs", () => {
  it("keep the first trace of what was not recorded, while they are open", async () => {
    mock.on(UpdateCommand).resolvesOnce({}).rejectsOnce(refused).rejects(new Error("away"));
    const unrecorded = { since: now, reason: "not_recorded", retry_at: now } as const;
    await store.noteUnrecorded(aRun(), unrecorded);
    expect(mock.commandCalls(UpdateCommand)[0]?.args[0].input).toMatchObject({
      UpdateExpression: "SET unrecorded = if_not_exists(unrecorded, :first)",
      ConditionExpression: "attribute_exists(open_shard)",
      ExpressionAttributeValues: { ":first": unrecorded },
    });
    await store.noteUnrecorded(aRun(), unrecorded);
    await expect(store.noteUnrecorded(aRun(), unrecorded)).rejects.toThrow("away");
  });

  it("take a source that is back out of what they wait for, on the sequence that was read, and know a lost answer", async () => {
    const block = { source: "keepa", code: "circuit-open", action: "Nothing to do.", retry_at: now } as const;
    const waiting = aRun({ state: "waiting_for_source", sequence: 7, blocked_by: [block] });
    mock.on(UpdateCommand).resolvesOnce({}).rejects(refused);
    await store.takeBlocksOff(waiting, [block]);
    expect(mock.commandCalls(UpdateCommand)).toHaveLength(0);
    await store.takeBlocksOff(waiting, []);
    expect(mock.commandCalls(UpdateCommand)[0]?.args[0].input).toMatchObject({
      ConditionExpression: "#sequence = :seen AND #state = :was",
      ExpressionAttributeValues: { ":blocked": [], ":state": "running", ":seen": 7 },
    });
    await store.takeBlocksOff(waiting, []);
  });

  it("forget what held them up only while no more of it was recorded", async () => {
    mock.on(UpdateCommand).resolvesOnce({}).rejectsOnce(refused).rejects(new Error("away"));
    const run = aRun({ held: { "keepa#me": true }, holds: 3 });
    await store.forgetHold(run, "keepa#me");
    expect(mock.commandCalls(UpdateCommand)[0]?.args[0].input).toMatchObject({
      ConditionExpression: "holds = :seen",
      ExpressionAttributeValues: { ":seen": 3 },
    });
    await store.forgetHold(run, "keepa#me");
    await expect(store.forgetHold(run, "keepa#me")).rejects.toThrow("away");
  });

  it("start only when the previous one is closed and the catalog still points at it", async () => {
    mock.on(TransactWriteCommand).resolvesOnce({}).rejectsOnce(cancelled);
    const catalog = aCatalog({ tracking_id: "old" });
    await store.createRun(catalog, aRun());
    const items = mock.commandCalls(TransactWriteCommand)[0]?.args[0].input.TransactItems;
    expect(items?.[2]?.ConditionCheck).toMatchObject({
      Key: { batch_id: "old" },
      ConditionExpression: "attribute_not_exists(open_shard)",
    });
    await expect(store.createRun(catalog, aRun())).rejects.toMatchObject({ code: "run_active" });
  });

  const kept = { Put: { TableName: "operations", Item: { operation_key: "answer#1" } } };
  const claim = { Put: { TableName: "operations", Item: { operation_key: "content#1" } } };
  const refusing = (...places: number[]) =>
    new TransactionCanceledException({
      message: "cancelled",
      $metadata: {},
      CancellationReasons: [0, 1, 2, 3].map((place) => ({
        Code: places.includes(place) ? "ConditionalCheckFailed" : "None",
      })),
    });

  it("keep the answer to their request in the same transaction, and give way when the same request was faster", async () => {
    mock.on(TransactWriteCommand).resolves({});
    await store.createRun(aCatalog(), aRun(), claim, kept);
    expect(mock.commandCalls(TransactWriteCommand)[0]?.args[0].input.TransactItems?.at(-1)).toEqual(kept);
    mock.on(TransactWriteCommand).rejects(refusing(2, 3));
    await expect(store.createRun(aCatalog(), aRun(), claim, kept)).rejects.toMatchObject({
      code: "idempotency_in_progress",
    });
  });

  it("are not said to be open already when their transaction only met another one", async () => {
    mock.on(TransactWriteCommand).rejects(cancelledBy("TransactionConflict"));
    await expect(store.createRun(aCatalog(), aRun())).rejects.toBeInstanceOf(TransientError);
  });

  it("need no check of a previous run when there was none", async () => {
    mock.on(TransactWriteCommand).resolves({});
    await store.createRun(aCatalog(), aRun());
    expect(mock.commandCalls(TransactWriteCommand)[0]?.args[0].input.TransactItems).toHaveLength(2);
  });

  it("are asked for once each, however often they are named", async () => {
    mock.on(BatchGetCommand).resolves({ Responses: { status: [aRun()] } });
    const key = { catalog_id: "cat_1", tracking_id: aRun().batch_id };
    expect((await store.getRuns([key, key])).size).toBe(1);
    expect(mock.commandCalls(BatchGetCommand)[0]?.args[0].input.RequestItems?.status?.Keys).toHaveLength(1);
  });

  it("are read again where DynamoDB left keys unprocessed", async () => {
    const left = { catalog_id: "c", batch_id: "b" };
    mock
      .on(BatchGetCommand)
      .resolvesOnce({ Responses: { status: [] }, UnprocessedKeys: { status: { Keys: [left] } } })
      .resolvesOnce({ Responses: { status: [aRun({ batch_id: "b" })] } });
    expect((await store.getRuns([{ catalog_id: "c", tracking_id: "b" }])).has("b")).toBe(true);
  });

  it("are listed while open, over all pages, and no longer once the row says closed", async () => {
    const { open_shard: _open, ...closed } = aRun({ batch_id: "closed" });
    mock
      .on(QueryCommand)
      .resolvesOnce({ Items: [{ catalog_id: "cat_1", batch_id: "closed" }], LastEvaluatedKey: { x: 1 } })
      .resolvesOnce({ Items: [{ catalog_id: "cat_1", batch_id: aRun().batch_id }] });
    mock
      .on(BatchGetCommand)
      .resolvesOnce({ Responses: { status: [closed] } })
      .resolvesOnce({ Responses: { status: [aRun()] } });
    expect((await store.listOpenRuns(throwing)).map((run) => run.batch_id)).toEqual([aRun().batch_id]);
  });

  it("are listed although one among them cannot be read, which the caller learns", async () => {
    const poison = { ...aRun({ batch_id: "poison" }), pending: "poison" };
    mock.on(QueryCommand).resolves({
      Items: [
        { catalog_id: "cat_1", batch_id: "poison" },
        { catalog_id: "cat_1", batch_id: aRun().batch_id },
      ],
    });
    mock.on(BatchGetCommand).resolves({ Responses: { status: [poison, aRun()] } });
    const unreadable: UnreadableRow[] = [];
    expect((await store.listOpenRuns((row) => unreadable.push(row))).map((run) => run.batch_id)).toEqual([
      aRun().batch_id,
    ]);
    expect(unreadable).toMatchObject([{ catalog_id: "cat_1", batch_id: "poison", error: expect.any(Error) }]);
  });

  it.each([
    ["completed", aRun({ pending: 0 })],
    ["completed_with_failures", aRun({ pending: 0, failed: 2 })],
    ["cancelled", aRun({ pending: 0, cancelled: 1, failed: 1 })],
  ])("close as %s", async (state, run) => {
    mock.on(UpdateCommand).resolves({});
    expect(await store.closeIfDone(run, now)).toBe(true);
    const input = mock.commandCalls(UpdateCommand)[0]?.args[0].input;
    expect(input?.ExpressionAttributeValues).toMatchObject({ ":state": state });
    expect(input?.UpdateExpression).toContain("REMOVE open_shard");
    expect(input?.ConditionExpression).toContain("pending = :zero");
  });

  it("stay open while products are pending, and are closed by one only", async () => {
    mock.on(UpdateCommand).rejects(refused);
    expect(await store.closeIfDone(aRun({ pending: 1 }), now)).toBe(false);
    expect(mock.calls()).toHaveLength(0);
    expect(await store.closeIfDone(aRun({ pending: 0 }), now)).toBe(false);
  });

  it("wait for a source when all that was sent is parked, unless they changed since they were read", async () => {
    const reason = { source: "keepa" as const, code: "daily-quota", action: "Wait.", retry_at: now };
    const parked = aRun({ state: "running", parked: 3, blocked_by: [reason] });
    mock.on(UpdateCommand).resolvesOnce({}).rejects(refused);
    expect(await store.waitIfAllParked(parked, now)).toBe(true);
    expect(await store.waitIfAllParked(parked, now)).toBe(false);
    const input = mock.commandCalls(UpdateCommand)[0]?.args[0].input;
    expect(input?.ExpressionAttributeValues).toMatchObject({ ":waiting": "waiting_for_source", ":parked": 3 });
    expect(input?.ConditionExpression).toContain(
      "pending = :pending AND parked = :parked AND dispatched = :dispatched",
    );
  });

  it("do not wait while anything of them continues, while they are paused, or for no reason", async () => {
    const reason = { source: "keepa" as const, code: "daily-quota", action: "Wait.", retry_at: now };
    const parked = aRun({ state: "running", parked: 3, blocked_by: [reason] });
    for (const run of [
      { ...parked, parked: 2 },
      { ...parked, state: "paused" as const },
      { ...parked, blocked_by: [] },
    ]) {
      expect(await store.waitIfAllParked(run, now)).toBe(false);
    }
    expect(mock.calls()).toHaveLength(0);
  });

  it("are undefined when there is none", async () => {
    mock.on(GetCommand).resolves({});
    expect(await store.getRun("c", "t")).toBeUndefined();
  });

  it("list their batches in order", async () => {
    mock.on(QueryCommand).resolves({ Items: [aBatch()] });
    expect(await store.listBatches("cat_1", "run", { limit: 5 })).toEqual({ items: [aBatch()] });
  });
});

describe("the table", () => {
  it("being throttled is an error that may pass", async () => {
    mock.on(GetCommand).rejects(Object.assign(new Error("x"), { name: "ProvisionedThroughputExceededException" }));
    await expect(store.getRun("c", "t")).rejects.toBeInstanceOf(TransientError);
  });

  it("refusing a right is not hidden as something that may pass", async () => {
    mock.on(GetCommand).rejects(Object.assign(new Error("denied"), { name: "AccessDeniedException" }));
    await expect(store.getRun("c", "t")).rejects.toThrow("denied");
  });
});
