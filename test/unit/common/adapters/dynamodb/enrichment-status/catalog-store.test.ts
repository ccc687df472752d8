import { TransactionCanceledException } from "@aws-sdk/client-dynamodb";
import {
  BatchGetCommand,
  DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
  TransactWriteCommand,
} from "@aws-sdk/lib-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, it } from "vitest";
import { CatalogStore } from "../../../../../../lambdas/common/adapters/dynamodb/enrichment-status/catalog-store.ts";
import { RunStore } from "../../../../../../lambdas/common/adapters/dynamodb/enrichment-status/run-store.ts";
import { DuplicateError, NotFoundError, TransientError } from "../../../../../../lambdas/common/core/errors.ts";
import { aCatalog, aRun, NOON } from "../../../../../helpers/rows.ts";

const mock = mockClient(DynamoDBDocumentClient);
const client = mock as unknown as DynamoDBDocumentClient;
const store = new CatalogStore(client, "status", new RunStore(client, "status"));
const now = new Date(NOON).toISOString();
const cancelledBy = (Code: string) =>
  new TransactionCanceledException({ message: "cancelled", $metadata: {}, CancellationReasons: [{ Code }] });
const cancelled = cancelledBy("ConditionalCheckFailed");

beforeEach(() => mock.reset());

describe("catalogs", () => {
  it("are written once", async () => {
    mock.on(TransactWriteCommand).resolvesOnce({}).rejectsOnce(cancelled);
    await store.createCatalog(aCatalog());
    await expect(store.createCatalog(aCatalog())).rejects.toBeInstanceOf(DuplicateError);
  });

  it("are written together with their first run and point at it", async () => {
    mock.on(TransactWriteCommand).resolvesOnce({}).rejectsOnce(cancelled);
    await store.createCatalogWithRun(aCatalog(), aRun());
    const items = mock.commandCalls(TransactWriteCommand)[0]?.args[0].input.TransactItems;
    expect(items?.[0]?.Put?.Item).toMatchObject({ batch_id: "catalog", tracking_id: aRun().batch_id });
    expect(items?.[1]?.Put?.Item).toMatchObject({ row_type: "run" });
    await expect(store.createCatalogWithRun(aCatalog(), aRun())).rejects.toBeInstanceOf(DuplicateError);
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
    await store.createCatalog(aCatalog(), kept);
    await store.createCatalogWithRun(aCatalog(), aRun(), claim, kept);
    const writes = mock.commandCalls(TransactWriteCommand);
    expect(writes).toHaveLength(2);
    for (const { args } of writes) expect(args[0].input.TransactItems?.at(-1)).toEqual(kept);
    const code = "idempotency_in_progress";
    mock.on(TransactWriteCommand).rejects(refusing(1));
    await expect(store.createCatalog(aCatalog(), kept)).rejects.toMatchObject({ code });
    mock.on(TransactWriteCommand).rejects(refusing(2, 3));
    await expect(store.createCatalogWithRun(aCatalog(), aRun(), claim, kept)).rejects.toMatchObject({ code });
  });

  it("are refused for their content when only another upload was faster, and are there already when it was their own", async () => {
    mock
      .on(TransactWriteCommand)
      .rejectsOnce(refusing(2))
      .rejectsOnce(refusing(0, 1, 2, 3));
    const write = () => store.createCatalogWithRun(aCatalog(), aRun(), claim, kept);
    await expect(write()).rejects.toMatchObject({ code: "duplicate_upload" });
    await expect(write()).rejects.toBeInstanceOf(DuplicateError);
  });

  it("are not said to be there already when their transaction only met another one", async () => {
    mock.on(TransactWriteCommand).rejects(cancelledBy("TransactionConflict"));
    await expect(store.createCatalogWithRun(aCatalog(), aRun())).rejects.toBeInstanceOf(TransientError);
  });

  it.each([
    ["is not there", undefined],
    ["is somebody else's", aCatalog({ user_id: "other" })],
    ["was deleted", aCatalog({ deleted_at: now })],
  ])("do not exist for a user when the row %s", async (_why, Item) => {
    mock.on(GetCommand).resolves(Item ? { Item } : {});
    await expect(store.getCatalog("cat_1", "user-1")).rejects.toBeInstanceOf(NotFoundError);
  });

  it("are listed newest first with their runs, without deleted ones, page by page", async () => {
    const second = aCatalog({ catalog_id: "cat_2", tracking_id: "run_2" });
    mock.on(QueryCommand).resolves({
      Items: ["cat_2", "cat_1", "cat_0"].map((catalog_id) => ({ catalog_id })),
      LastEvaluatedKey: { catalog_id: "cat_0", batch_id: "catalog", user_id: "user-1", created_at: now },
    });
    mock
      .on(BatchGetCommand)
      .resolvesOnce({ Responses: { status: [aCatalog(), second, aCatalog({ catalog_id: "cat_0", deleted_at: now })] } })
      .resolvesOnce({ Responses: { status: [aRun({ batch_id: "run_2", catalog_id: "cat_2" })] } })
      .resolves({});
    const page = await store.listCatalogs("user-1", { limit: 3 });
    expect(page.items.map(({ catalog, run }) => [catalog.catalog_id, run?.batch_id])).toEqual([
      ["cat_2", "run_2"],
      ["cat_1", undefined],
    ]);
    await store.listCatalogs("user-1", { limit: 3, after: page.next });
    expect(mock.commandCalls(QueryCommand)[1]?.args[0].input.ExclusiveStartKey).toMatchObject({ catalog_id: "cat_0" });
  });
});
