import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { IdempotencyStore } from "../../../../../../lambdas/common/adapters/dynamodb/operations/idempotency-store.ts";

const client = new DynamoDBClient({ region: "us-east-1" });
const table = mockClient(client);
const request = {
  userId: "u1",
  route: "POST /api/v1/catalogs",
  key: "k1",
  fingerprint: "aaa",
  lambdaContext: { getRemainingTimeInMillis: () => 20_000 },
};
const answer = { status: 202, body: '{"catalog_id":"cat_1"}' };

/** Plays the table: what was put last is what a refused put shows. */
const rememberRows = () => {
  let row: Record<string, unknown> | undefined;
  table.on(PutItemCommand).callsFake((input) => {
    if (row) {
      throw new ConditionalCheckFailedException({ message: "exists", $metadata: {}, Item: row as never });
    }
    row = input.Item;
    return {};
  });
  table.on(UpdateItemCommand).callsFake((input) => {
    const names = Object.entries<string>(input.ExpressionAttributeNames);
    for (const [alias, name] of names) {
      row = { ...row, [name]: input.ExpressionAttributeValues[alias.replace("#", ":")] };
    }
    return {};
  });
  table.on(DeleteItemCommand).callsFake(() => {
    row = undefined;
    return {};
  });
  return () => row;
};

beforeEach(() => {
  table.reset();
});

describe("IdempotencyStore", () => {
  it("just runs without a key", async () => {
    const store = new IdempotencyStore("operations", client);
    expect(await store.answerOnce({ ...request, key: undefined }, async () => answer)).toEqual(answer);
    expect(table.calls()).toHaveLength(0);
  });

  it("runs once and answers a repeat with the first answer", async () => {
    const row = rememberRows();
    const store = new IdempotencyStore("operations", client);
    const create = vi.fn(async () => answer);
    expect(await store.answerOnce(request, create)).toEqual(answer);
    expect(await store.answerOnce(request, create)).toEqual(answer);
    expect(create).toHaveBeenCalledTimes(1);
    expect(row()).toMatchObject({
      operation_key: { S: expect.stringMatching(/^idempotency#/) },
      expires_at: { N: expect.stringMatching(/^\d{10}$/) },
    });
    const { expires_at } = row() as { expires_at: { N: string } };
    const lifetime = Number(expires_at.N) - Date.now() / 1000;
    expect(lifetime).toBeGreaterThan(86_000);
    expect(lifetime).toBeLessThanOrEqual(86_401);
  });

  it("keeps users, routes and keys apart", async () => {
    table.on(PutItemCommand).resolves({});
    table.on(UpdateItemCommand).resolves({});
    const store = new IdempotencyStore("operations", client);
    for (const change of [{}, { userId: "u2" }, { route: "POST /api/v1/other" }, { key: "k2" }]) {
      await store.answerOnce({ ...request, ...change }, async () => answer);
    }
    const keys = table.commandCalls(PutItemCommand).map((call) => call.args[0].input.Item?.operation_key?.S);
    expect(new Set(keys).size).toBe(4);
  });

  it("refuses the same key with another request as 422", async () => {
    rememberRows();
    const store = new IdempotencyStore("operations", client);
    await store.answerOnce(request, async () => answer);
    await expect(store.answerOnce({ ...request, fingerprint: "bbb" }, async () => answer)).rejects.toMatchObject({
      status: 422,
      code: "idempotency_key_reused",
    });
  });

  it("refuses a repeat while the first one is still under way as 409", async () => {
    rememberRows();
    const store = new IdempotencyStore("operations", client);
    let release = () => {};
    const first = store.answerOnce(
      request,
      () =>
        new Promise<typeof answer>((resolve) => {
          release = () => resolve(answer);
        }),
    );
    await vi.waitFor(() => expect(table.commandCalls(PutItemCommand)).toHaveLength(1));
    await expect(store.answerOnce(request, async () => answer)).rejects.toMatchObject({
      code: "idempotency_in_progress",
    });
    release();
    expect(await first).toEqual(answer);
  });

  it("forgets the key when the request failed, so that a repaired one may use it", async () => {
    rememberRows();
    const store = new IdempotencyStore("operations", client);
    const failing = async () => {
      throw new Error("bad rows");
    };
    await expect(store.answerOnce(request, failing)).rejects.toThrow("bad rows");
    expect(await store.answerOnce({ ...request, fingerprint: "ccc" }, async () => answer)).toEqual(answer);
  });

  it("says that the table is away as a failure that passes", async () => {
    const away = Object.assign(new Error("slow down"), { name: "ThrottlingException" });
    table.on(PutItemCommand).rejects(away);
    const store = new IdempotencyStore("operations", client);
    await expect(store.answerOnce(request, async () => answer)).rejects.toMatchObject({ code: "unavailable" });
  });
});
