import { SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, it } from "vitest";
import { BatchQueue } from "../../../../../lambdas/common/adapters/sqs/batch-queue.ts";
import { batchMessageFor } from "../../../../../lambdas/common/core/batches/message-for-row.ts";
import { TransientError } from "../../../../../lambdas/common/core/errors.ts";
import { aBatch, anItem, asinNumber } from "../../../../helpers/rows.ts";

const mock = mockClient(SQSClient);
let waits: number[] = [];
const batchQueue = new BatchQueue(mock as unknown as SQSClient, async (ms) => void waits.push(ms));
const message = batchMessageFor(aBatch());

beforeEach(() => {
  mock.reset();
  waits = [];
});

describe("batch messages", () => {
  it("go out ten a request, hidden for whole seconds, in the user's message group", async () => {
    mock.on(SendMessageBatchCommand).resolves({});
    await batchQueue.send(
      "queue",
      Array.from({ length: 12 }, () => ({ message, delaySeconds: 1.2 })),
    );
    const calls = mock.commandCalls(SendMessageBatchCommand).map((call) => call.args[0].input);
    expect(calls.map((call) => call.Entries?.length)).toEqual([10, 2]);
    expect(calls[0]?.Entries?.[0]).toMatchObject({
      DelaySeconds: 2,
      MessageGroupId: "user-1",
      MessageBody: JSON.stringify(message),
    });
  });

  it("hold only characters that SQS takes, and say the same", async () => {
    mock.on(SendMessageBatchCommand).resolves({});
    const odd = { ...message, products: [{ asin: asinNumber(1), sku: "a\ufffe\uffff\u0000\ud800\u{1f381}" }] };
    await batchQueue.send("queue", [{ message: odd, delaySeconds: 0 }]);
    const body = mock.commandCalls(SendMessageBatchCommand)[0]?.args[0].input.Entries?.[0]?.MessageBody ?? "";
    expect(body).not.toMatch(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u);
    expect(JSON.parse(body)).toEqual(odd);
  });

  it("are never delayed by more than SQS can", async () => {
    mock.on(SendMessageBatchCommand).resolves({});
    await batchQueue.send("queue", [{ message, delaySeconds: 5_000 }]);
    expect(mock.commandCalls(SendMessageBatchCommand)[0]?.args[0].input.Entries?.[0]?.DelaySeconds).toBe(900);
  });

  it("are sent again when the queue refuses single ones", async () => {
    mock
      .on(SendMessageBatchCommand)
      .resolvesOnce({ Failed: [{ Id: "1", Code: "InternalError", SenderFault: false }], Successful: [] })
      .resolvesOnce({});
    const other = batchMessageFor(aBatch({ batch_id: "second" }));
    await batchQueue.send(
      "queue",
      [message, other].map((one) => ({ message: one, delaySeconds: 0 })),
    );
    const retried = mock.commandCalls(SendMessageBatchCommand)[1]?.args[0].input.Entries ?? [];
    expect(retried.map((entry) => JSON.parse(entry.MessageBody ?? "").batch_id)).toEqual(["second"]);
  });

  it("fail loudly when the queue keeps refusing, after waits that grow", async () => {
    mock.on(SendMessageBatchCommand).resolves({ Failed: [{ Id: "0", Code: "X", SenderFault: false }], Successful: [] });
    await expect(batchQueue.send("queue", [{ message, delaySeconds: 0 }])).rejects.toBeInstanceOf(TransientError);
    expect(waits).toHaveLength(3);
    waits.forEach((wait, index) => {
      expect(wait).toBeGreaterThanOrEqual(25 * 2 ** index);
      expect(wait).toBeLessThanOrEqual(50 * 2 ** index);
    });
  });

  it("carry the pending products of a row, or all once none is pending", () => {
    const items = [anItem({ asin: asinNumber(1), sku: "s1" }), anItem({ asin: asinNumber(2), state: "enriched" })];
    expect(batchMessageFor(aBatch({ items })).products).toEqual([{ asin: asinNumber(1), sku: "s1" }]);
    expect(batchMessageFor(aBatch({ items: [anItem({ state: "failed" })] })).products).toHaveLength(1);
  });
});
