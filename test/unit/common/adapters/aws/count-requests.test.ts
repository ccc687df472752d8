import { BatchGetCommand, PutCommand, TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import { beforeEach, describe, expect, it } from "vitest";
import { createDocumentClient } from "../../../../../lambdas/common/adapters/aws/aws-clients.ts";
import { countRequests } from "../../../../../lambdas/common/adapters/aws/count-requests.ts";
import { countInvocations, instanceUsage } from "../../../../../lambdas/common/adapters/aws/instance-usage.ts";
import { UsageMeter } from "../../../../../lambdas/common/core/cost/usage-meter.ts";
import { answerClients } from "./answering-server.ts";

/* Real clients against a server that answers as AWS does. */

type Middleware = (
  next: (args: unknown) => Promise<{ output: unknown }>,
  context: { commandName: string },
) => (args: { input: object }) => Promise<unknown>;

let asked: { ReturnConsumedCapacity?: string }[];
let answer: { readonly status: number; readonly body: object };
answerClients(async (request, response) => {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  if (text.startsWith("{")) asked.push(JSON.parse(text));
  response.writeHead(answer.status, { "content-type": "application/x-amz-json-1.0" }).end(JSON.stringify(answer.body));
});

beforeEach(() => {
  asked = [];
  instanceUsage.take();
});

describe("requests to AWS", () => {
  it("of DynamoDB count by the units that it states", async () => {
    const documents = createDocumentClient();
    answer = { status: 200, body: { ConsumedCapacity: { TableName: "t", CapacityUnits: 3 } } };
    await documents.send(new PutCommand({ TableName: "t", Item: { id: "1" } }));
    expect(instanceUsage.take()).toEqual({ used_wu: 3 });
    const units = [{ CapacityUnits: 8 }, { CapacityUnits: 0.5 }];
    answer = { status: 200, body: { Responses: {}, ConsumedCapacity: units } };
    await documents.send(new BatchGetCommand({ RequestItems: { t: { Keys: [{ id: "1" }] } } }));
    expect(instanceUsage.take()).toEqual({ used_ru: 8.5 });
    await documents.send(new TransactWriteCommand({ TransactItems: [{ Put: { TableName: "t", Item: { id: "1" } } }] }));
    expect(instanceUsage.take()).toEqual({ used_wu: 8.5 });
    expect(asked.map(({ ReturnConsumedCapacity }) => ReturnConsumedCapacity)).toEqual(["TOTAL", "TOTAL", "TOTAL"]);
  });

  it("of DynamoDB count one unit when a write is refused", async () => {
    const name = "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException";
    answer = { status: 400, body: { __type: name, message: "by the test" } };
    const put = new PutCommand({ TableName: "t", Item: { id: "1" } });
    await expect(createDocumentClient().send(put)).rejects.toThrow("by the test");
    expect(instanceUsage.take()).toEqual({ used_wu: 1 });
  });

  it("of queues, objects and secrets count each, but for removals, which cost nothing", async () => {
    const usage = new UsageMeter(512, () => 0);
    const ask = async (service: "sqs" | "s3" | "secrets", ...commands: readonly string[]) => {
      const client = { middlewareStack: { add: (middleware: Middleware) => void middlewares.push(middleware) } };
      const middlewares: Middleware[] = [];
      countRequests(client, service, usage);
      for (const commandName of commands) {
        for (const middleware of middlewares)
          await middleware(async () => ({ output: {} }), { commandName })({ input: {} });
      }
    };
    await ask("sqs", "SendMessageBatchCommand", "ReceiveMessageCommand");
    await ask("s3", "PutObjectCommand", "ListObjectsV2Command", "GetObjectCommand", "DeleteObjectsCommand");
    await ask("secrets", "GetSecretValueCommand");
    expect(usage.take()).toEqual({ used_sqs: 2, used_put: 2, used_get: 1, used_secret: 1 });
  });
});

describe("invocations", () => {
  const timed = (options: Parameters<typeof countInvocations>[1]) => {
    const time = { nowMs: 0 };
    const usage = new UsageMeter(1_024, () => time.nowMs);
    const handler = async (event: string): Promise<string> => {
      time.nowMs += 7;
      if (event === "bad") throw new Error("bad");
      return event;
    };
    return { usage, call: countInvocations(handler, options, usage) };
  };

  it("of a worker count with their time and their poller, also those that fail", async () => {
    const { usage, call } = timed({ isPolled: true, isForRuns: true });
    expect(await call("good", undefined)).toBe("good");
    await expect(call("bad", undefined)).rejects.toThrow("bad");
    expect(usage.take()).toEqual({ used_calls: 2, used_sqs: 4, used_gb_ms: 14 });
  });

  it("leave nothing to the next run where they serve readers too", async () => {
    const { usage, call } = timed({});
    await call("good", undefined);
    expect(usage.take()).toEqual({});
  });
});
