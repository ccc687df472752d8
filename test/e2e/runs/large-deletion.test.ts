import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { BatchWriteCommand, DynamoDBDocumentClient, paginateQuery } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { clientConfig } from "../../../local/aws-environment.ts";
import { PAGES_END_EARLY } from "../../../local/faults/fault-proxy.ts";
import { FaultSwitches } from "../../helpers/e2e/fault-switches.ts";
import { openWorld, type World } from "../../helpers/e2e/open-world.ts";
import { waitFor } from "../../helpers/e2e/wait-for.ts";
import { aBatch, aCatalog, anItem, aRun, asinNumber } from "../../helpers/rows.ts";

/*
 * DynamoDB ends a page at 1 MB, and the layer in front of the emulator much earlier. The rows of this catalog fill several
 * pages of either.
 */

const BATCHES = 360;
const PRODUCTS = 50;
const FAILURES = 30;
const CATALOG = "cat_largedeletion000";
const RUN = `enrich_${CATALOG}_1`;
/** Of more than 1 MB of rows in pages of 8 KB. */
const LEAST_PAGES = 100;
/** What DynamoDB takes in one request. */
const WRITES_AT_ONCE = 25;

let world: World;
let documents: DynamoDBDocumentClient;
const outputs = inject("outputs");
const { emulatorUrl, tables } = outputs;
const switches = new FaultSwitches(outputs);
const { "enrichment-status": status = "", failures = "" } = tables;

const write = async (table: string, items: readonly object[]): Promise<void> => {
  for (let from = 0; from < items.length; from += WRITES_AT_ONCE) {
    const requests = items.slice(from, from + WRITES_AT_ONCE).map((Item) => ({ PutRequest: { Item } }));
    await documents.send(new BatchWriteCommand({ RequestItems: { [table]: requests } }));
  }
};

const count = async (TableName: string, key: string, value: string): Promise<number> => {
  const pages = paginateQuery(
    { client: documents },
    {
      ...{ TableName, KeyConditionExpression: `${key} = :value`, ExpressionAttributeValues: { ":value": value } },
      ...{ Select: "COUNT", ConsistentRead: true },
    },
  );
  let rows = 0;
  for await (const { Count = 0 } of pages) rows += Count;
  return rows;
};

beforeAll(async () => {
  world = await openWorld();
  documents = DynamoDBDocumentClient.from(new DynamoDBClient(clientConfig(emulatorUrl)), {
    marshallOptions: { removeUndefinedValues: true },
  });
});

afterAll(() => {
  documents.destroy();
  world.deployed.close();
});

it("a deleted catalog goes whole, although its rows fill many pages", async () => {
  const { open_shard: _open, ...run } = aRun({ catalog_id: CATALOG, batch_id: RUN, state: "completed", pending: 0 });
  const numbers = Array.from({ length: BATCHES }, (_, index) => index + 1);
  const batches = numbers.map((number) => {
    const items = Array.from({ length: PRODUCTS }, (_, n) =>
      anItem({ asin: asinNumber(number * PRODUCTS + n), state: "enriched", source: "creators-api" }),
    );
    const batch_id = `${RUN}#${String(number).padStart(7, "0")}`;
    const {
      due_shard: _shard,
      due_at: _at,
      ...row
    } = aBatch({ catalog_id: CATALOG, batch_id, tracking_id: RUN, number, items });
    return row;
  });
  expect(JSON.stringify(batches).length).toBeGreaterThan(1024 * 1024);
  // Its own row first: rows whose catalog has none are removed as orphans.
  const catalog = aCatalog({ catalog_id: CATALOG, user_id: "nobody", tracking_id: RUN });
  await write(status, [catalog, run]);
  await write(status, batches);
  const noted = numbers.slice(0, FAILURES).map((number) => `p${number}`);
  await write(
    failures,
    noted.map((product_key) => ({ tracking_id: RUN, product_key, message: "x".repeat(4_000) })),
  );
  expect(await count(status, "catalog_id", CATALOG)).toBe(BATCHES + 2);
  const endedBefore = (await switches.report()).troubles[PAGES_END_EARLY]?.applied ?? 0;
  await write(status, [{ ...catalog, deleted_at: new Date().toISOString(), open_shard: "deleted" }]);
  const left = await waitFor(
    "the catalog to be removed",
    async () => {
      await world.deployed.invoke("reconcile");
      return count(status, "catalog_id", CATALOG);
    },
    (rows) => rows === 0,
    120,
  );
  expect([left, await count(failures, "tracking_id", RUN)]).toEqual([0, 0]);
  const { troubles } = await switches.report();
  expect(troubles[PAGES_END_EARLY]?.applied ?? 0).toBeGreaterThan(endedBefore + LEAST_PAGES);
});
