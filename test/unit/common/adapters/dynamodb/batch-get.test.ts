import { BatchGetCommand, DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, it } from "vitest";
import { batchGet } from "../../../../../lambdas/common/adapters/dynamodb/batch-get.ts";
import { TransientError } from "../../../../../lambdas/common/core/errors.ts";

const mock = mockClient(DynamoDBDocumentClient);
const client = mock as unknown as DynamoDBDocumentClient;
const keysOf = (count: number) => Array.from({ length: count }, (_, n) => ({ id: `k${n}` }));
const inputs = () => mock.commandCalls(BatchGetCommand).map((call) => call.args[0].input.RequestItems?.things);

interface Asked {
  readonly RequestItems: { readonly things: { readonly Keys: readonly { id: string }[] } };
}

const read = (count: number, more: Partial<Parameters<typeof batchGet>[1]> = {}) => {
  const waits: number[] = [];
  const sleep = async (ms: number) => void waits.push(ms);
  const request = { table: "things", keys: keysOf(count), doing: "reading things", sleep, ...more };
  return { waits, items: batchGet(client, request) };
};

beforeEach(() => mock.reset());

describe("reading many keys", () => {
  it("takes 100 at a time, without a wait between chunks, and none for no keys", async () => {
    mock.on(BatchGetCommand).callsFake((input: Asked) => ({ Responses: { things: input.RequestItems.things.Keys } }));
    const { items, waits } = read(250);
    expect(await items).toEqual(keysOf(250));
    expect(inputs().map((asked) => asked?.Keys?.length)).toEqual([100, 100, 50]);
    expect(waits).toEqual([]);
    expect(await read(0).items).toEqual([]);
    expect(inputs()).toHaveLength(3);
  });

  it("asks again for what was left unprocessed, after waits that grow and vary within half", async () => {
    mock.on(BatchGetCommand).callsFake((input: Asked) => {
      const [first, ...rest] = input.RequestItems.things.Keys;
      return { Responses: { things: [first] }, UnprocessedKeys: rest.length ? { things: { Keys: rest } } : {} };
    });
    const { items, waits } = read(5);
    expect(await items).toEqual(keysOf(5));
    expect(waits).toHaveLength(4);
    waits.forEach((wait, index) => {
      expect(wait).toBeGreaterThanOrEqual(25 * 2 ** index);
      expect(wait).toBeLessThanOrEqual(50 * 2 ** index);
    });
  });

  it("gives up for now when the table serves nothing in eight reads", async () => {
    mock
      .on(BatchGetCommand)
      .callsFake((input: Asked) => ({ UnprocessedKeys: { things: { Keys: input.RequestItems.things.Keys } } }));
    const { items, waits } = read(3);
    await expect(items).rejects.toThrow(TransientError);
    await expect(items).rejects.toThrow(/reading things.*too slowly/);
    expect(inputs()).toHaveLength(8);
    expect(waits).toHaveLength(7);
  });

  it("reads as of now only where that is asked for", async () => {
    mock.on(BatchGetCommand).resolves({});
    await read(1).items;
    await read(1, { consistent: true }).items;
    expect(inputs().map((asked) => asked?.ConsistentRead)).toEqual([undefined, true]);
  });

  it("speaks of its errors in the words it was given", async () => {
    mock.on(BatchGetCommand).rejects(Object.assign(new Error("slow"), { name: "ThrottlingException" }));
    await expect(read(1).items).rejects.toThrow(TransientError);
    const translate = (error: unknown, doing: string) => new Error(`${doing}: ${String(error)}`);
    await expect(read(1, { translate }).items).rejects.toThrow("reading things: ThrottlingException: slow");
  });
});
