import { BatchGetCommand, DynamoDBDocumentClient, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, it } from "vitest";
import {
  ProductStore,
  refreshBucket,
} from "../../../../../../lambdas/common/adapters/dynamodb/products/product-store.ts";
import { TransientError } from "../../../../../../lambdas/common/core/errors.ts";
import { MemoryDynamo } from "../../../../../helpers/memory/memory-dynamo.ts";
import { aProduct } from "../../../../../helpers/products.ts";
import { rightsAt } from "../../../../../helpers/rights.ts";
import { silentLog } from "../../../../../helpers/silent.ts";

const mock = mockClient(DynamoDBDocumentClient);
const store = new ProductStore(mock as unknown as DynamoDBDocumentClient, "products", rightsAt(), silentLog);
const product = aProduct();
const { product_id, ...stored } = product;

beforeEach(() => mock.reset());

describe("product store", () => {
  it("reads products by key and leaves out what is not there", async () => {
    mock
      .on(BatchGetCommand)
      .resolves({ Responses: { products: [{ ...stored, product_key: product_id, raw_keys: [], refresh_bucket: 3 }] } });
    const found = await store.getMany([product_id, product_id, "www.amazon.com#B000000000"]);
    expect([...found.keys()]).toEqual([product_id]);
    expect(found.get(product_id)).toEqual(product);
    expect(mock.commandCalls(BatchGetCommand)[0]?.args[0].input.RequestItems?.products?.Keys).toHaveLength(2);
  });

  it("reads as of now only when asked to, since that costs twice as much", async () => {
    mock.on(BatchGetCommand).resolves({});
    await store.getMany(["k"]);
    await store.getMany(["k"], { consistent: true });
    const reads = mock.commandCalls(BatchGetCommand).map((call) => call.args[0].input.RequestItems?.products);
    expect(reads.map((read) => read?.ConsistentRead)).toEqual([undefined, true]);
  });

  it("asks for at most 100 keys at once and again for what was left unprocessed", async () => {
    mock.on(BatchGetCommand).callsFake((input: { RequestItems: { products: { Keys: unknown[] } } }) => {
      const keys = input.RequestItems.products.Keys;
      return keys.length > 60 ? { UnprocessedKeys: { products: { Keys: keys.slice(60) } } } : {};
    });
    await store.getMany(Array.from({ length: 130 }, (_, n) => `k${n}`));
    const sizes = mock
      .commandCalls(BatchGetCommand)
      .map((call) => call.args[0].input.RequestItems?.products?.Keys?.length);
    expect(sizes).toEqual([100, 40, 30]);
  });

  it("knows who does not have a product that no source ever had", async () => {
    mock
      .on(BatchGetCommand)
      .resolves({ Responses: { products: [{ product_key: "k", not_found_until_keepa: "2026-11-24T12:00:00.000Z" }] } });
    const known = await store.getKnown(["k"]);
    expect(known.get("k")).toEqual({ not_found: { keepa: "2026-11-24T12:00:00.000Z" } });
    expect((await store.getMany(["k"])).size).toBe(0);
  });

  it("writes a product whole but keeps when it was created and last available", async () => {
    mock.on(UpdateCommand).resolves({});
    await store.saveMany([
      { product: { ...product, last_available_at: null }, raw_keys: ["raw/1"], refresh_until: null },
    ]);
    const input = mock.commandCalls(UpdateCommand)[0]?.args[0].input;
    expect(input?.Key).toEqual({ product_key: product_id });
    expect(input?.UpdateExpression).toContain("#created = if_not_exists(#created, :created)");
    expect(input?.UpdateExpression).toContain("#available = if_not_exists(#available, :null)");
    const names = Object.values(input?.ExpressionAttributeNames ?? {});
    expect(names).toEqual(expect.arrayContaining(["title", "packed", "refresh_bucket"]));
    expect(names).not.toContain("refresh_until");
    expect(names).not.toContain("product_id");
  });

  it("sets the end of the refresh and the last time available when they are known", async () => {
    mock.on(UpdateCommand).resolves({});
    await store.saveMany([{ product, raw_keys: [], refresh_until: "2026-12-23T12:00:00.000Z" }]);
    const input = mock.commandCalls(UpdateCommand)[0]?.args[0].input;
    expect(Object.values(input?.ExpressionAttributeNames ?? {})).toContain("refresh_until");
    expect(input?.UpdateExpression).not.toContain("#available");
  });

  it("renews the time in the refresh, never shortens it, and makes no product of one that is not stored", async () => {
    const dynamo = new MemoryDynamo({ products: { keys: ["product_key"] } });
    const table = new ProductStore(dynamo.client(), "products", rightsAt(), silentLog);
    const [early, late] = ["2026-12-01T00:00:00.000Z", "2026-12-24T00:00:00.000Z"];
    const noted = async () => (await table.getKnown([product_id])).get(product_id)?.refresh_until;
    await table.keepFresh(product_id, late);
    expect(dynamo.items("products")).toEqual([]);
    await table.saveMany([{ product, raw_keys: [], refresh_until: null }]);
    expect(await noted()).toBeUndefined();
    await table.keepFresh(product_id, early);
    expect(await noted()).toBe(early);
    await table.keepFresh(product_id, late);
    await table.keepFresh(product_id, early);
    expect(await noted()).toBe(late);
    expect((await table.getMany([product_id])).get(product_id)).toEqual(product);
  });

  it("remembers sources that do not have a product, and writes nothing for none", async () => {
    mock.on(UpdateCommand).resolves({});
    await store.rememberNotFound("k", [], "2026-11-24T12:00:00.000Z");
    await store.rememberNotFound("k", ["creators-api", "keepa"], "2026-11-24T12:00:00.000Z");
    expect(mock.commandCalls(UpdateCommand)).toHaveLength(1);
    expect(mock.commandCalls(UpdateCommand)[0]?.args[0].input.ExpressionAttributeNames).toEqual({
      "#s0": "not_found_until_creators-api",
      "#s1": "not_found_until_keepa",
    });
  });

  it("writes the others when the table refuses one for good, and says which and why", async () => {
    const named = (name: string, message: string) => Object.assign(new Error(message), { name });
    const keys = [1, 2, 3, 4].map((n) => `www.amazon.com#B00000000${n}`);
    mock.on(UpdateCommand).resolves({});
    mock
      .on(UpdateCommand, { Key: { product_key: keys[1] } })
      .rejects(named("ValidationException", "Item size to update has exceeded the maximum allowed size"));
    mock.on(UpdateCommand, { Key: { product_key: keys[2] } }).rejects(named("SerializationException", "no Unicode"));
    const refused = await store.saveMany(
      keys.map((key) => ({ product: { ...product, product_id: key }, raw_keys: [], refresh_until: null })),
    );
    expect([...refused]).toEqual([
      [keys[1], expect.stringContaining("exceeded the maximum")],
      [keys[2], "no Unicode"],
    ]);
    expect(mock.commandCalls(UpdateCommand)).toHaveLength(4);
  });

  it("fails for now when the table does not answer, and never takes that for a refusal", async () => {
    const slow = Object.assign(new Error("slow"), { name: "ThrottlingException" });
    mock.on(UpdateCommand).rejects(slow);
    const save = store.saveMany([{ product, raw_keys: [], refresh_until: null }]);
    await expect(save).rejects.toBeInstanceOf(TransientError);
  });

  it("takes a stored product that cannot be read for none, and reads its neighbours", async () => {
    const item = { ...stored, product_key: product_id, raw_keys: [] };
    const broken = {
      ...item,
      product_key: "www.amazon.com#B000000002",
      image_url: "no address",
      not_found_until_keepa: "t",
    };
    mock.on(BatchGetCommand).resolves({ Responses: { products: [item, broken] } });
    const logged: unknown[] = [];
    const log = { error: (message: string, fields: object) => void logged.push([message, fields]) };
    const known = await new ProductStore(
      mock as unknown as DynamoDBDocumentClient,
      "products",
      rightsAt(),
      log,
    ).getKnown(["a", "b"]);
    expect(known.get(product_id)?.product).toEqual(product);
    expect(known.get("www.amazon.com#B000000002")).toEqual({ not_found: { keepa: "t" } });
    expect(logged).toMatchObject([
      [expect.stringContaining("cannot be read"), { product_key: "www.amazon.com#B000000002" }],
    ]);
  });

  it("spreads products evenly over the hours of the day and never moves one", () => {
    const counts = new Array<number>(24).fill(0);
    for (let n = 0; n < 24_000; n += 1)
      counts[refreshBucket(`www.amazon.com#B0${n}`)] = (counts[refreshBucket(`www.amazon.com#B0${n}`)] ?? 0) + 1;
    expect(Math.min(...counts)).toBeGreaterThan(800);
    expect(Math.max(...counts)).toBeLessThan(1_200);
  });
});
