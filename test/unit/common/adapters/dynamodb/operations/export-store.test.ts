import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, it } from "vitest";
import { createDocumentClient } from "../../../../../../lambdas/common/adapters/aws/aws-clients.ts";
import { BatchRangeReader } from "../../../../../../lambdas/common/adapters/dynamodb/enrichment-status/batch-range-reader.ts";
import { ExportStore } from "../../../../../../lambdas/common/adapters/dynamodb/operations/export-store.ts";
import { StaleWriteError, TransientError } from "../../../../../../lambdas/common/core/errors.ts";
import { firstCheckpoint, newExportJob } from "../../../../../../lambdas/common/core/exports/export-job.ts";
import { aBatch, NOON } from "../../../../../helpers/rows.ts";

const client = mockClient(DynamoDBDocumentClient);
process.env.AWS_REGION ??= "us-east-1";
const documentClient = createDocumentClient();
const store = new ExportStore(documentClient, "operations");
const job = newExportJob({
  export_id: "exp_0123456789abcdef",
  catalog_id: "cat_1",
  user_id: "ann",
  tracking_id: null,
  format: "csv",
  row_state: null,
  file_name: "a.csv",
  total_rows: 3,
  correlation_id: "c",
  nowMs: NOON,
});
const now = new Date(NOON).toISOString();
const lease = { export_id: job.export_id, owner: "me", now };
const Key = { operation_key: "export#exp_0123456789abcdef" };
const refused = (item?: unknown) =>
  new ConditionalCheckFailedException({
    message: "no",
    $metadata: {},
    ...(item ? { Item: marshall(item, { removeUndefinedValues: true }) } : {}),
  });
const update = () => client.commandCalls(UpdateCommand)[0]?.args[0].input;

beforeEach(() => client.reset());

describe("exports in the operations table", () => {
  it("are written once and read until their time is over", async () => {
    await store.create(job);
    expect(client.commandCalls(PutCommand)[0]?.args[0].input).toMatchObject({
      Item: { ...Key, kind: "export", state: "queued", expires_at: NOON / 1000 + 30 * 86_400 },
      ConditionExpression: "attribute_not_exists(operation_key)",
    });
    client.on(GetCommand).resolves({ Item: job });
    expect(await store.get(job.export_id, NOON)).toEqual(job);
    expect(await store.get(job.export_id, job.expires_at * 1000)).toBeUndefined();
    client.on(GetCommand).resolves({});
    expect(await store.get(job.export_id, NOON)).toBeUndefined();
  });

  it("are claimed when not ready and no lease is alive", async () => {
    client
      .on(UpdateCommand)
      .resolves({ Attributes: { ...job, state: "running", lease_owner: "me", lease_until: now } });
    const claim = { ...lease, lease_until: now, last_delivery: true };
    expect(await store.claim(claim)).toMatchObject({ kind: "claimed", job: { state: "running" } });
    expect(update()).toMatchObject({
      Key,
      ConditionExpression:
        "attribute_exists(operation_key) AND #state <> :ready AND (attribute_not_exists(lease_until) OR lease_until < :now)",
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      ExpressionAttributeValues: expect.objectContaining({ ":last": true }),
    });
    client.on(UpdateCommand).rejects(refused({ ...job, state: "ready" }));
    expect(await store.claim(claim)).toEqual({ kind: "ready" });
    const held = { ...job, state: "running", lease_owner: "other", lease_until: now };
    client.on(UpdateCommand).rejects(refused(held));
    expect(await store.claim(claim)).toEqual({ kind: "leased", lease_until: now });
    // The answer was lost, and the claim that the SDK sent again met itself.
    client.on(UpdateCommand).rejects(refused({ ...held, lease_owner: "me" }));
    expect(await store.claim(claim)).toEqual({ kind: "claimed", job: { ...held, lease_owner: "me" } });
    client.on(UpdateCommand).rejects(refused());
    expect(await store.claim(claim)).toEqual({ kind: "missing" });
  });

  it.each([
    [
      "saveCheckpoint",
      () => store.saveCheckpoint(lease, firstCheckpoint("csv")),
      "SET checkpoint = :checkpoint, rows_read = :read, rows_written = :written, updated_at = :now",
    ],
    [
      "restart",
      () => store.restart(lease),
      "SET checkpoint = :null, rows_read = :zero, rows_written = :zero, updated_at = :now REMOVE lease_owner, lease_until",
    ],
    ["release", () => store.release(lease), "SET updated_at = :now REMOVE lease_owner, lease_until"],
    [
      "finish",
      () => store.finish(lease, { rows_read: 3, rows_written: 2 }),
      "SET #state = :state, checkpoint = :null, rows_read = :read, rows_written = :written, valid_until = :until, sources = :sources, updated_at = :now REMOVE lease_owner, lease_until",
    ],
    [
      "fail",
      () => store.fail(lease, "because"),
      "SET #state = :state, failure = :failure, updated_at = :now REMOVE lease_owner, lease_until",
    ],
  ])("%s writes only under its own lease", async (_, act, expression) => {
    client.on(UpdateCommand).resolves({});
    await act();
    expect(update()).toMatchObject({
      Key,
      UpdateExpression: expression,
      ConditionExpression: "lease_owner = :owner",
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    });
    expect(update()?.ExpressionAttributeValues).toMatchObject({ ":owner": "me", ":now": now });
    client.on(UpdateCommand).rejects(refused());
    await expect(act()).rejects.toMatchObject({ isCaredFor: true });
    client.on(UpdateCommand).rejects(Object.assign(new Error("slow down"), { name: "ThrottlingException" }));
    await expect(act()).rejects.toBeInstanceOf(TransientError);
  });

  it("are created also when the answer is lost and the SDK sends the row again", async () => {
    client.on(PutCommand).rejects(refused(job));
    await store.create(job);
    client.on(PutCommand).rejects(Object.assign(new Error("slow down"), { name: "ThrottlingException" }));
    await expect(store.create(job)).rejects.toBeInstanceOf(TransientError);
  });

  const running = { ...job, state: "running" };
  it.each([
    ["release", () => store.release(lease), running],
    ["restart", () => store.restart(lease), running],
    ["finish", () => store.finish(lease, { rows_read: 3, rows_written: 2 }), { ...job, state: "ready" }],
    ["fail", () => store.fail(lease, "because"), { ...job, state: "failed" }],
  ])("%s takes its own earlier attempt, whose answer was lost, for success", async (_, act, row) => {
    client.on(UpdateCommand).rejects(refused(row));
    await act();
  });

  it.each([
    ["another one works on it", { ...running, lease_owner: "other", lease_until: now }, true],
    [
      "the lease of another one is over",
      { ...running, lease_owner: "other", lease_until: "2026-01-01T00:00:00.000Z" },
      false,
    ],
    ["nobody holds it", running, false],
    ["it is ready", { ...job, state: "ready" }, true],
    ["it has failed", { ...job, state: "failed" }, true],
  ])("of a lease that is lost say whether somebody sees to the export: %s", async (_, row, isCaredFor) => {
    client.on(UpdateCommand).rejects(refused(row));
    const saved = store.saveCheckpoint(lease, firstCheckpoint("csv"));
    await expect(saved).rejects.toBeInstanceOf(StaleWriteError);
    await expect(saved).rejects.toMatchObject({ isCaredFor });
  });
});

describe("batches by number", () => {
  it("are read over all pages of the query", async () => {
    client
      .on(QueryCommand)
      .resolvesOnce({ Items: [aBatch()], LastEvaluatedKey: { catalog_id: "cat_1", batch_id: "x" } })
      .resolves({ Items: [aBatch({ number: 2 })] });
    const rows = await new BatchRangeReader(documentClient, "status").read("cat_1", "run", 1, 50);
    expect(rows.map(({ number }) => number)).toEqual([1, 2]);
    expect(client.commandCalls(QueryCommand)[1]?.args[0].input).toMatchObject({
      ExpressionAttributeValues: { ":catalog": "cat_1", ":from": "run#0000001", ":to": "run#0000050" },
      ExclusiveStartKey: { catalog_id: "cat_1", batch_id: "x" },
      ConsistentRead: true,
    });
  });
});
