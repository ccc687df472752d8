import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, paginateQuery, QueryCommand, ScanCommand } from "@aws-sdk/lib-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { clientConfig } from "../../../../local/aws-environment.ts";
import { FaultProxy } from "../../../../local/faults/fault-proxy.ts";
import { itemSize } from "../../../../local/faults/item-size.ts";
import { AWS_PAGE_BYTES } from "../../../../local/faults/page-ends.ts";
import { Emulated } from "./emulated.ts";

let emulated: Emulated;
let proxy: FaultProxy;
let client: DynamoDBDocumentClient;

beforeEach(async () => {
  emulated = new Emulated();
  proxy = new FaultProxy(await emulated.start());
  proxy.pageBytes = 1_000_000;
  client = DynamoDBDocumentClient.from(new DynamoDBClient(clientConfig(await proxy.start())));
});

afterEach(async () => {
  client.destroy();
  await proxy.stop();
  await emulated.stop();
});

const anItem = (id: number, kib: number, kind = "wanted") => ({ id, kind, text: "x".repeat(kib * 1024) });
/** Frozen: the SDK's paginator writes into what it is given. */
const query = Object.freeze({
  TableName: "t",
  KeyConditionExpression: "#p = :p",
  ExpressionAttributeNames: { "#p": "part" },
  ExpressionAttributeValues: { ":p": 1 },
});

describe("a page of a list", () => {
  it("ends after so many bytes of whole items, and the next one continues there", async () => {
    emulated.items = Array.from({ length: 10 }, (_, id) => anItem(id, 300));
    const { Items = [], LastEvaluatedKey } = await client.send(new QueryCommand(query));
    expect(Items.map(({ id }) => id)).toEqual([0, 1, 2]);
    expect(LastEvaluatedKey).toEqual({ id: 2 });
    const ids: unknown[] = [];
    for await (const page of paginateQuery({ client }, { ...query }))
      ids.push(...(page.Items ?? []).map(({ id }) => id));
    expect(ids).toEqual(Array.from({ length: 10 }, (_, id) => id));
  });

  it("ends there whatever is projected, because whole items are read", async () => {
    emulated.items = Array.from({ length: 10 }, (_, id) => anItem(id, 300));
    const projected = await client.send(new QueryCommand({ ...query, ProjectionExpression: "id" }));
    expect(projected.Items).toEqual([{ id: 0 }, { id: 1 }, { id: 2 }]);
    expect(projected.LastEvaluatedKey).toEqual({ id: 2 });
  });

  it("may be empty although more follows, because it is filtered after it is read", async () => {
    emulated.items = [anItem(0, 600, "other"), anItem(1, 600, "other"), anItem(2, 1)];
    const ExpressionAttributeValues = { ":p": 1, ":kind": "wanted" };
    const filtered = { ...query, FilterExpression: "kind = :kind", ExpressionAttributeValues };
    const first = await client.send(new QueryCommand(filtered));
    expect([first.Items, first.LastEvaluatedKey]).toEqual([[], { id: 0 }]);
    const ids: unknown[] = [];
    for await (const page of paginateQuery({ client }, { ...filtered }))
      ids.push(...(page.Items ?? []).map(({ id }) => id));
    expect(ids).toEqual([2]);
    // What reads the page for its size names nothing that it does not use, which DynamoDB refuses.
    const sizes = emulated.seen.map(({ body }) => JSON.parse(body.toString()) as typeof filtered);
    const bare = sizes.filter(({ FilterExpression }) => FilterExpression === undefined);
    expect(bare.map((one) => Object.keys(one.ExpressionAttributeValues))).toContainEqual([":p"]);
  });

  it("holds no more than its own limit, and everything that is small", async () => {
    emulated.items = Array.from({ length: 10 }, (_, id) => anItem(id, 1));
    expect((await client.send(new ScanCommand({ TableName: "t", Limit: 4 }))).Items).toHaveLength(4);
    const { Items, LastEvaluatedKey } = await client.send(new ScanCommand({ TableName: "t" }));
    expect([Items?.length, LastEvaluatedKey]).toEqual([10, undefined]);
  });

  it("ends as early as the layer is set to, after one item at least", async () => {
    emulated.items = Array.from({ length: 3 }, (_, id) => anItem(id, 2));
    proxy.pageBytes = 1;
    const { Items, LastEvaluatedKey } = await client.send(new ScanCommand({ TableName: "t" }));
    expect([Items?.length, LastEvaluatedKey]).toEqual([1, { id: 0 }]);
  });

  it("is the same whatever the size of items, over longer lists", async () => {
    emulated.items = Array.from({ length: 120 }, (_, id) => ({
      id,
      kind: "wanted",
      text: "x".repeat((id * 37) % 400),
    }));
    for (const bytes of [2_000, 9_000, 60_000]) {
      proxy.pageBytes = bytes;
      for (const ProjectionExpression of [undefined, "id"]) {
        const ids: unknown[] = [];
        for await (const page of paginateQuery({ client }, { ...query, ProjectionExpression })) {
          const items = page.Items ?? [];
          ids.push(...items.map(({ id }) => id));
          const sizes = items.map(({ id }) => itemSize(marshall(emulated.items[Number(id)] ?? {})));
          expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(bytes);
        }
        expect(ids).toEqual(emulated.items.map(({ id }) => id));
      }
    }
  });

  it("is left to the emulator at 1 MB, where it ends by itself", async () => {
    expect(new FaultProxy("http://127.0.0.1:1").pageBytes).toBe(AWS_PAGE_BYTES);
    emulated.items = Array.from({ length: 10 }, (_, id) => anItem(id, 300));
    proxy.pageBytes = AWS_PAGE_BYTES;
    await client.send(new QueryCommand({ ...query, ProjectionExpression: "id" }));
    expect(emulated.seen).toHaveLength(1);
  });
});

it("an item has the bytes that DynamoDB counts", () => {
  expect(itemSize(marshall({ id: "ä", n: 12_345, yes: true, nothing: null }))).toBe(2 + 2 + 1 + 4 + 3 + 1 + 7 + 1);
  // Containers: three bytes and one for each element; names count wherever they are.
  expect(itemSize(marshall({ m: { ab: "xyz" }, l: ["x", 1] }))).toBe(1 + 3 + (2 + 3 + 1) + 1 + 3 + (1 + 1) + (2 + 1));
});
