import { BatchWriteCommand, DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, it } from "vitest";
import { batchDelete } from "../../../../../lambdas/common/adapters/dynamodb/batch-delete.ts";
import { TransientError } from "../../../../../lambdas/common/core/errors.ts";

const mock = mockClient(DynamoDBDocumentClient);
const client = mock as unknown as DynamoDBDocumentClient;
const inputs = () => mock.commandCalls(BatchWriteCommand).map((call) => call.args[0].input.RequestItems?.things ?? []);

interface Asked {
  readonly RequestItems: { readonly things: readonly unknown[] };
}

const remove = (count: number) => {
  const waits: number[] = [];
  const sleep = async (ms: number) => void waits.push(ms);
  const keys = Array.from({ length: count }, (_, n) => ({ id: `k${n}` }));
  return { waits, done: batchDelete(client, { table: "things", keys, doing: "clearing things", sleep }) };
};

beforeEach(() => mock.reset());

describe("removing many keys", () => {
  it("takes 25 at a time, without a wait between chunks, and calls nothing for no keys", async () => {
    mock.on(BatchWriteCommand).resolves({});
    const { done, waits } = remove(60);
    await done;
    expect(inputs().map(({ length }) => length)).toEqual([25, 25, 10]);
    expect(inputs()[0]?.[0]).toEqual({ DeleteRequest: { Key: { id: "k0" } } });
    expect(waits).toEqual([]);
    await remove(0).done;
    expect(inputs()).toHaveLength(3);
  });

  it("asks again for what was left unprocessed, after waits that grow", async () => {
    mock.on(BatchWriteCommand).callsFake(({ RequestItems: { things } }: Asked) => ({
      UnprocessedItems: things.length > 1 ? { things: things.slice(1) } : {},
    }));
    const { done, waits } = remove(4);
    await done;
    expect(inputs().map(({ length }) => length)).toEqual([4, 3, 2, 1]);
    waits.forEach((wait, index) => {
      expect(wait).toBeGreaterThanOrEqual(25 * 2 ** index);
      expect(wait).toBeLessThanOrEqual(50 * 2 ** index);
    });
  });

  it("gives up for now when the table takes nothing in eight writes, or throttles", async () => {
    mock.on(BatchWriteCommand).callsFake(({ RequestItems }: Asked) => ({ UnprocessedItems: RequestItems }));
    await expect(remove(2).done).rejects.toThrow(TransientError);
    expect(inputs()).toHaveLength(8);
    mock.reset();
    mock.on(BatchWriteCommand).rejects(Object.assign(new Error("busy"), { name: "ThrottlingException" }));
    await expect(remove(2).done).rejects.toThrow(TransientError);
  });
});
