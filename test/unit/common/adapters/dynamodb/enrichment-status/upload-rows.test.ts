import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  TransactionCanceledException,
} from "@aws-sdk/client-dynamodb";
import {
  BatchGetCommand,
  DynamoDBDocumentClient,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { describe, expect, it } from "vitest";
import { UploadRows } from "../../../../../../lambdas/common/adapters/dynamodb/enrichment-status/upload-rows.ts";
import { StaleWriteError, TransientError } from "../../../../../../lambdas/common/core/errors.ts";
import { aCatalog, aRun, NOON } from "../../../../../helpers/rows.ts";
import { anAwaited, CATALOG_ID } from "../../../../ingest-catalog/fake-deps.ts";

const now = new Date(NOON).toISOString();
const until = new Date(NOON + 90_000).toISOString();
const own = { catalog_id: CATALOG_ID, attempt: 2 };
const refused = new ConditionalCheckFailedException({ message: "no", $metadata: {} });
const cancelled = (...codes: string[]) =>
  new TransactionCanceledException({
    message: "cancelled",
    $metadata: {},
    CancellationReasons: codes.map((Code) => ({ Code })),
  });

const world = () => {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: "us-east-1" }));
  return { mock: mockClient(client), rows: new UploadRows(client, "status") };
};
const { name, marketplace, rows, segments, rows_key, rejects_key, content_hash, columns } = aCatalog();
const read = { name, marketplace, rows, segments, rows_key, rejects_key, content_hash, columns };

describe("taking an upload", () => {
  it("counts the attempt under a lease, if the file is awaited or the last lease has ended", async () => {
    const { mock, rows } = world();
    mock.on(UpdateCommand).resolves({ Attributes: anAwaited({ state: "ingesting" }) });
    expect(await rows.take(CATALOG_ID, "reader", now, until)).toMatchObject({ state: "ingesting" });
    const input = mock.commandCalls(UpdateCommand)[0]?.args[0].input;
    expect(input?.ConditionExpression).toBe(
      "deleted_at = :null AND (#state = :awaiting OR (#state = :ingesting AND #ingest.#lease < :now))",
    );
    expect(input?.UpdateExpression).toContain("#ingest.#attempt = #ingest.#attempt + :one");
    expect(input?.ExpressionAttributeValues).toMatchObject({ ":now": now, ":until": until, ":one": 1 });
  });

  it("gives nothing to the second of two", async () => {
    const { mock, rows } = world();
    mock.on(UpdateCommand).rejects(refused);
    expect(await rows.take(CATALOG_ID, "reader", now, until)).toBeUndefined();
  });
});

describe("an attempt", () => {
  it("moves no index key when it only tells its progress", async () => {
    const { mock, rows } = world();
    mock.on(UpdateCommand).resolves({ Attributes: {} });
    await rows.progress(own, 10, undefined);
    await rows.progress(own, 20, until);
    const [progress, renewed] = mock.commandCalls(UpdateCommand).map((call) => call.args[0].input);
    expect(progress?.UpdateExpression).toBe("SET #ingest.#bytes = :bytes");
    expect(renewed?.UpdateExpression).toBe("SET #ingest.#bytes = :bytes, #ingest.#lease = :until, due_at = :until");
    for (const input of [progress, renewed]) {
      expect(input?.ConditionExpression).toBe(
        "#state = :ingesting AND #ingest.#attempt = :attempt AND deleted_at = :null",
      );
      expect(input?.ExpressionAttributeValues).toMatchObject({ ":attempt": 2 });
    }
  });

  it("learns that it is no longer the one that counts", async () => {
    const { mock, rows } = world();
    mock.on(UpdateCommand).rejects(refused);
    await expect(rows.progress(own, 10, undefined)).rejects.toBeInstanceOf(StaleWriteError);
    expect(await rows.fail(own, "why")).toBe(false);
    await expect(rows.release(own, now, until)).resolves.toBeUndefined();
  });

  it("commits catalog, run and claim together, and takes the row out of the index", async () => {
    const { mock, rows } = world();
    mock.on(TransactWriteCommand).resolves({});
    const content = { Put: { TableName: "operations", Item: { operation_key: "k" } } };
    await rows.commit(own, read, 99, { run: aRun(), content });
    const items = mock.commandCalls(TransactWriteCommand)[0]?.args[0].input.TransactItems;
    expect(items).toHaveLength(3);
    expect(items?.[0]?.Update).toMatchObject({
      ConditionExpression: "#state = :ingesting AND #ingest.#attempt = :attempt AND deleted_at = :null",
      ExpressionAttributeValues: {
        ":state": "ready",
        ":tracking_id": aRun().batch_id,
        ":rows": read.rows,
        ":bytes": 99,
      },
    });
    expect(items?.[0]?.Update?.UpdateExpression).toMatch(/REMOVE due_shard, due_at$/);
    expect(items?.[1]?.Put?.Item).toEqual(aRun());
    expect(items?.[2]).toEqual(content);
  });

  it.each([
    ["another attempt", cancelled("ConditionalCheckFailed", "None", "None"), { name: "StaleWriteError" }],
    ["another upload of the same", cancelled("None", "None", "ConditionalCheckFailed"), { code: "duplicate_upload" }],
    ["a throttle", Object.assign(new Error("slow"), { name: "ThrottlingException" }), { name: "TransientError" }],
  ])("tells %s from the others when its commit fails", async (_, error, expected) => {
    const { mock, rows } = world();
    mock.on(TransactWriteCommand).rejects(error);
    const content = { Put: { TableName: "operations", Item: {} } };
    await expect(rows.commit(own, read, 1, { run: aRun(), content })).rejects.toMatchObject(expected);
  });

  it("passes faults of the table on as such", async () => {
    const { mock, rows } = world();
    mock.on(UpdateCommand).rejects(Object.assign(new Error("slow"), { name: "ThrottlingException" }));
    await expect(rows.take(CATALOG_ID, "reader", now, until)).rejects.toBeInstanceOf(TransientError);
  });
});

describe("overdue uploads", () => {
  it("are read as they stand now, because the index lags", async () => {
    const { mock, rows } = world();
    const ids = ["cat_a", "cat_b", "cat_c", "cat_d"];
    mock.on(QueryCommand).resolves({ Items: ids.map((catalog_id) => ({ catalog_id })) });
    const found = [
      anAwaited({ catalog_id: "cat_a", due_at: now }),
      anAwaited({ catalog_id: "cat_b", due_at: until }),
      anAwaited({ catalog_id: "cat_c", due_at: now, deleted_at: now }),
      { ...anAwaited({ catalog_id: "cat_d", due_at: now }), rows: "poison" },
    ];
    mock.on(BatchGetCommand).resolves({ Responses: { status: found } });
    const unreadable: string[] = [];
    const listed = await rows.listDue(now, 100, ({ catalog_id }) => unreadable.push(catalog_id));
    expect([listed, unreadable]).toEqual([[anAwaited({ catalog_id: "cat_a", due_at: now })], ["cat_d"]]);
    expect(mock.commandCalls(BatchGetCommand)[0]?.args[0].input.RequestItems?.status).toMatchObject({
      Keys: ids.map((catalog_id) => ({ catalog_id, batch_id: "catalog" })),
      ConsistentRead: true,
    });
    expect(mock.commandCalls(QueryCommand)[0]?.args[0].input).toMatchObject({
      IndexName: "due-batches",
      ExpressionAttributeValues: { ":shard": "uploads", ":now": now },
      Limit: 100,
    });
  });

  it("are moved or ended only as they were seen", async () => {
    const { mock, rows } = world();
    mock.on(UpdateCommand).resolvesOnce({}).rejects(refused);
    expect(await rows.postpone(anAwaited(), until)).toBe(true);
    expect(await rows.giveUp(anAwaited(), "why")).toBe(false);
    for (const call of mock.commandCalls(UpdateCommand)) {
      expect(call.args[0].input.ConditionExpression).toBe("#state = :seen AND due_at = :due");
      expect(call.args[0].input.ExpressionAttributeValues).toMatchObject({ ":seen": "awaiting_upload", ":due": now });
    }
  });
});
