import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { describe, expect, it } from "vitest";
import { ContentClaims } from "../../../../../../lambdas/common/adapters/dynamodb/enrichment-status/content-claims.ts";
import type { CatalogRow } from "../../../../../../lambdas/common/core/catalogs/catalog-row.ts";
import { NotFoundError } from "../../../../../../lambdas/common/core/errors.ts";
import type { RunRow } from "../../../../../../lambdas/common/core/runs/run-row.ts";
import { aCatalog, aRun, NOON } from "../../../../../helpers/rows.ts";

const content = { user_id: "user-1", catalog_id: "cat_new", content_hash: "ff" };

const claimsOver = (known: string | undefined, catalog: CatalogRow | undefined, run?: RunRow) => {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: "us-east-1" }));
  const mock = mockClient(client);
  mock.on(GetCommand).resolves(known ? { Item: { operation_key: "content#user-1#ff", catalog_id: known } } : {});
  const ended = new Set<string>();
  const claims = new ContentClaims(client, "operations", {
    catalogs: {
      getCatalog: async (catalog_id) => {
        if (!catalog || ended.has(catalog_id)) throw new NotFoundError("gone");
        return { ...catalog, catalog_id };
      },
    },
    runs: { getRun: async () => run },
  });
  return { mock, claims, ended };
};

describe("a claim on content", () => {
  it("that nobody has is written only while nobody has it", async () => {
    const { mock, claims } = claimsOver(undefined, undefined);
    expect(await claims.claim(content, NOON)).toEqual({
      Put: {
        TableName: "operations",
        Item: { operation_key: "content#user-1#ff", catalog_id: "cat_new", expires_at: NOON / 1_000 + 90 * 86_400 },
        ConditionExpression: "attribute_not_exists(operation_key)",
      },
    });
    expect(mock.commandCalls(GetCommand)[0]?.args[0].input).toMatchObject({ ConsistentRead: true });
  });

  it("is refused while the catalog that has it is being enriched, and names it", async () => {
    const { claims } = claimsOver("cat_1", aCatalog({ tracking_id: "enrich_cat_1_1" }), aRun());
    await expect(claims.claim(content, NOON)).rejects.toMatchObject({
      code: "duplicate_upload",
      message: expect.stringMatching(/"spring" \(cat_1\).*force=true/),
    });
  });

  const { open_shard: _, ...closed } = aRun({ state: "completed" });
  it.each([
    ["whose run is closed", aCatalog({ tracking_id: "t" }), closed],
    ["that never ran", aCatalog(), undefined],
    ["that is deleted", undefined, undefined],
  ])("passes from a catalog %s, unless another upload is faster", async (_name, catalog, run) => {
    const { claims } = claimsOver("cat_1", catalog, run);
    expect((await claims.claim(content, NOON)).Put).toMatchObject({
      ConditionExpression: "catalog_id = :seen",
      ExpressionAttributeValues: { ":seen": "cat_1" },
    });
  });

  it("by force asks nobody's leave, and keeps the open run known for who comes next", async () => {
    const forced = claimsOver("cat_1", aCatalog({ tracking_id: "t" }), aRun());
    const { Put } = await forced.claims.take(content, NOON);
    expect(Put?.ConditionExpression).toBeUndefined();
    expect(Put?.Item).toMatchObject({ catalog_id: "cat_new", also: ["cat_1"] });

    // The forced one has ended meanwhile, the first one has not.
    const next = claimsOver("cat_new", aCatalog({ tracking_id: "t" }), aRun());
    next.mock.on(GetCommand).resolves({ Item: Put?.Item ?? {} });
    next.ended.add("cat_new");
    await expect(next.claims.claim({ ...content, catalog_id: "cat_3" }, NOON)).rejects.toMatchObject({
      code: "duplicate_upload",
      message: expect.stringContaining("(cat_1)"),
    });
  });

  it("by force forgets runs that are closed", async () => {
    const { claims } = claimsOver("cat_1", aCatalog({ tracking_id: "t" }), closed);
    expect((await claims.take(content, NOON)).Put?.Item).not.toHaveProperty("also");
  });
});
