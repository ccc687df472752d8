import { BatchGetCommand, DynamoDBDocumentClient, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { expect, it } from "vitest";
import { DeletedCatalogs } from "../../../../../../lambdas/common/adapters/dynamodb/enrichment-status/deleted-catalogs.ts";
import { aCatalog } from "../../../../../helpers/rows.ts";

const mock = mockClient(DynamoDBDocumentClient);
const deleted = new DeletedCatalogs(mock as unknown as DynamoDBDocumentClient, "status");

it("deleted catalogs are listed although one among them cannot be read", async () => {
  const ids = ["cat_bad", "cat_1"];
  mock.on(QueryCommand).resolves({ Items: ids.map((catalog_id) => ({ catalog_id, batch_id: "catalog" })) });
  mock
    .on(BatchGetCommand)
    .resolves({ Responses: { status: [{ ...aCatalog({ catalog_id: "cat_bad" }), segments: 7 }, aCatalog()] } });
  const unreadable: string[] = [];
  const listed = await deleted.listDeleted(50, ({ catalog_id }) => unreadable.push(catalog_id));
  expect([listed.map(({ catalog_id }) => catalog_id), unreadable]).toEqual([["cat_1"], ["cat_bad"]]);
});
