import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, it } from "vitest";
import { SqsConsumedQueue } from "../../../../../lambdas/common/adapters/sqs/sqs-consumed-queue.ts";
import { TransientError } from "../../../../../lambdas/common/core/errors.ts";

const mock = mockClient(SQSClient);
const queue = new SqsConsumedQueue(mock as unknown as SQSClient, "queue");

beforeEach(() => mock.reset());

describe("the queue that a function reads", () => {
  it("deletes messages ten a request, and a refusal is an error", async () => {
    mock
      .on(DeleteMessageBatchCommand)
      .resolvesOnce({})
      .resolvesOnce({ Failed: [{ Id: "0", Code: "X", SenderFault: false }], Successful: [] });
    const removal = queue.remove(Array.from({ length: 11 }, (_, n) => `r${n}`));
    await expect(removal).rejects.toThrow("1 messages could not be deleted");
    await expect(removal).rejects.toBeInstanceOf(TransientError);
    const calls = mock.commandCalls(DeleteMessageBatchCommand).map((call) => call.args[0].input);
    expect(calls.map(({ QueueUrl, Entries }) => [QueueUrl, Entries?.length])).toEqual([
      ["queue", 10],
      ["queue", 1],
    ]);
    expect(calls[1]?.Entries).toEqual([{ Id: "0", ReceiptHandle: "r10" }]);
  });

  it("delivers a message again after the time that is asked for", async () => {
    mock.on(ChangeMessageVisibilityCommand).resolves({});
    await queue.changeVisibility("receipt", 3);
    expect(mock.commandCalls(ChangeMessageVisibilityCommand)[0]?.args[0].input).toEqual({
      QueueUrl: "queue",
      ReceiptHandle: "receipt",
      VisibilityTimeout: 3,
    });
  });

  it("changes the visibility of many messages ten a request, and the refusal of some is an error after all were asked", async () => {
    mock
      .on(ChangeMessageVisibilityBatchCommand)
      .resolvesOnce({ Failed: [{ Id: "3", Code: "X", SenderFault: false }], Successful: [] })
      .resolves({});
    const change = queue.changeVisibilities(
      Array.from({ length: 11 }, (_, n) => `r${n}`),
      70,
    );
    await expect(change).rejects.toThrow("the visibility of 1 messages could not be changed");
    await expect(change).rejects.toBeInstanceOf(TransientError);
    const calls = mock.commandCalls(ChangeMessageVisibilityBatchCommand).map((call) => call.args[0].input);
    expect(calls.map(({ Entries }) => Entries?.length)).toEqual([10, 1]);
    expect(calls[1]).toEqual({
      QueueUrl: "queue",
      Entries: [{ Id: "0", ReceiptHandle: "r10", VisibilityTimeout: 70 }],
    });
  });

  it("receives messages as an event source hands them over, ten at most, and hides them for half a minute", async () => {
    const Message = { MessageId: "m", ReceiptHandle: "r", Body: "{}", Attributes: { ApproximateReceiveCount: "2" } };
    mock
      .on(ReceiveMessageCommand)
      .resolvesOnce({ Messages: [Message] })
      .resolves({});
    const record = { messageId: "m", receiptHandle: "r", body: "{}", attributes: { ApproximateReceiveCount: "2" } };
    expect(await queue.receive(12, 1)).toEqual([record]);
    expect(await queue.receive(3, 0)).toEqual([]);
    const inputs = mock.commandCalls(ReceiveMessageCommand).map((call) => call.args[0].input);
    expect(inputs).toMatchObject([
      { QueueUrl: "queue", MaxNumberOfMessages: 10, WaitTimeSeconds: 1, VisibilityTimeout: 30 },
      { MaxNumberOfMessages: 3, WaitTimeSeconds: 0 },
    ]);
    expect(inputs[0]?.MessageSystemAttributeNames).toEqual(["ApproximateReceiveCount"]);
  });

  it("says when the service does not answer", async () => {
    mock.on(ChangeMessageVisibilityCommand).rejects(Object.assign(new Error("slow"), { name: "ThrottlingException" }));
    await expect(queue.changeVisibility("receipt", 3)).rejects.toBeInstanceOf(TransientError);
  });
});
