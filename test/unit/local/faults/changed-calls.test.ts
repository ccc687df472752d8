import { crc32 } from "node:zlib";
import { BatchGetItemCommand, DynamoDBClient, QueryCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { SendMessageBatchCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { clientConfig } from "../../../../local/aws-environment.ts";
import { functionKeys } from "../../../../local/emulator/function-keys.ts";
import { PAGES_END_EARLY } from "../../../../local/faults/fault-proxy.ts";
import { type FaultLayer, startFaultLayer } from "../../../../local/faults/start-fault-layer.ts";
import { Emulated } from "./emulated.ts";

/** A function whose keys the layer has, and one whose keys it has not. */
const KNOWN = functionKeys("arn:aws:lambda:us-east-1:000000000000:function:known", "arn:aws:iam::000000000000:role/a");
const STRANGER = functionKeys(
  "arn:aws:lambda:us-east-1:000000000000:function:other",
  "arn:aws:iam::000000000000:role/b",
);

let emulated: Emulated;
let layer: FaultLayer;

beforeEach(async () => {
  emulated = new Emulated();
  emulated.known.push(KNOWN, STRANGER);
  emulated.items = Array.from({ length: 10 }, (_, id) => ({ id, kind: "other", text: "x".repeat(300) }));
  layer = await startFaultLayer(await emulated.start());
  layer.proxy.keyRing.add(KNOWN);
});

afterEach(async () => {
  await layer.stop();
  await emulated.stop();
});

const callers = (credentials: typeof KNOWN) => {
  const config = { ...clientConfig(layer.url), credentials, maxAttempts: 1 };
  const dynamo = new DynamoDBClient(config);
  const sqs = new SQSClient({ ...config, md5: false });
  const QueueUrl = `${layer.url}/1/queue`;
  const ids = Array.from({ length: 6 }, (_, id) => String(id));
  return {
    [PAGES_END_EARLY]: () =>
      dynamo.send(
        new QueryCommand({ TableName: "t", KeyConditionExpression: "p = :p", FilterExpression: "kind = :k" }),
      ),
    "DynamoDB leaves keys unprocessed": () =>
      dynamo.send(
        new BatchGetItemCommand({ RequestItems: { t: { Keys: ids.slice(3).map((id) => ({ id: { N: id } })) } } }),
      ),
    "SQS delivers late": () => sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "{}" })),
    "SQS refuses single messages": () =>
      sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: ids.map((Id) => ({ Id, MessageBody: "{}" })) })),
  };
};
type Kind = keyof ReturnType<typeof callers>;
const KINDS: readonly (readonly [Kind, Readonly<Record<string, number>>])[] = [
  [PAGES_END_EARLY, { page_bytes: 1_000 }],
  ["DynamoDB leaves keys unprocessed", { dynamodb_keys_unprocessed: 1 }],
  ["SQS delivers late", { sqs_late: 1 }],
  ["SQS refuses single messages", { sqs_partly_refused: 1 }],
];

describe.each(KINDS)("a call that is changed (%s)", (name, wish) => {
  beforeEach(() => layer.change(wish));

  it("is signed anew as its caller, so that the emulator takes it and knows whose it is", async () => {
    await callers(KNOWN)[name]();
    expect(layer.proxy.tallies.of(name)).toEqual({ occasions: 1, applied: 1, refused: 0, not_applied: 0 });
    const last = emulated.seen.at(-1);
    expect(last?.headers.authorization).toContain(KNOWN.accessKeyId);
    expect(last?.headers["x-amz-security-token"]).toBe(KNOWN.sessionToken);
  });

  it("goes as it came where its caller's keys are unknown, and is counted as not applied", async () => {
    await callers(STRANGER)[name]();
    expect(layer.proxy.tallies.of(name)).toMatchObject({
      ...{ occasions: 1, applied: 0, refused: 0, not_applied: 1 },
      problem: expect.stringContaining("InvalidSignatureException") as string,
    });
    expect(emulated.seen.at(-1)?.headers.authorization).toContain(STRANGER.accessKeyId);
  });

  it("is refused in the emulator's own words where its caller may not make it", async () => {
    emulated.known.splice(emulated.known.indexOf(KNOWN), 1);
    await expect(callers(KNOWN)[name]()).rejects.toMatchObject({ name: "InvalidSignatureException" });
    expect(layer.proxy.tallies.of(name)).toEqual({ occasions: 1, applied: 0, refused: 1, not_applied: 0 });
  });
});

it("an emulator that checks no signatures takes what is changed as it is signed", async () => {
  emulated.checksSignatures = false;
  layer.change({ page_bytes: 1_000 });
  const { Items, LastEvaluatedKey } = await callers(STRANGER)[PAGES_END_EARLY]();
  expect([Items, LastEvaluatedKey]).toEqual([[], { id: { N: "2" } }]);
  expect(layer.proxy.tallies.of(PAGES_END_EARLY).applied).toBe(1);
});

it("a page that is whole anyway is no occasion to end it", async () => {
  layer.change({ page_bytes: 10_000 });
  await callers(KNOWN)[PAGES_END_EARLY]();
  expect(layer.proxy.tallies.report()).toEqual({});
});

it("the sum of an answer is of the answer that is given", async () => {
  layer.change({ dynamodb_keys_unprocessed: 1 });
  emulated.answer = (_, response) => {
    const body = JSON.stringify({ Responses: { t: [] } });
    response.writeHead(200, { "x-amz-crc32": String(crc32(body)) }).end(body);
  };
  const dynamo = new DynamoDBClient({ ...clientConfig(layer.url), maxAttempts: 1 });
  let sum: string | undefined;
  dynamo.middlewareStack.add(
    (next) => async (request) => {
      const result = await next(request);
      const { headers } = result.response as { headers: Record<string, string> };
      sum = headers["x-amz-crc32"];
      return result;
    },
    { step: "deserialize", priority: "low" },
  );
  const Keys = [{ id: { N: "1" } }, { id: { N: "2" } }];
  const { UnprocessedKeys } = await dynamo.send(new BatchGetItemCommand({ RequestItems: { t: { Keys } } }));
  expect(sum).toBe(String(crc32(JSON.stringify({ Responses: { t: [] }, UnprocessedKeys }))));
});

it("messages are sent twice, or the layer says that they were not", async () => {
  layer.change({ sqs_twice: 1 });
  const send = callers(KNOWN)["SQS delivers late"];
  await send();
  emulated.answer = (_, response) => {
    response.writeHead(emulated.seen.length % 2 === 0 ? 500 : 200).end("{}");
  };
  await send();
  expect(layer.proxy.tallies.of("SQS delivers twice")).toMatchObject({ occasions: 2, applied: 1, not_applied: 1 });
});

it("an answer that is lost is of a call that took effect, else it is counted apart", async () => {
  layer.change({ dynamodb_answers_lost: 1 });
  const dynamo = new DynamoDBClient({ ...clientConfig(layer.url), maxAttempts: 1 });
  const write = () => dynamo.send(new UpdateItemCommand({ TableName: "t", Key: { id: { N: "1" } } }));
  await expect(write()).rejects.toThrow();
  emulated.answer = (_, response) => void response.writeHead(400).end("{}");
  await expect(write()).rejects.toThrow();
  expect(layer.proxy.tallies.of("DynamoDB's answers get lost")).toEqual({
    occasions: 2,
    applied: 1,
    refused: 1,
    not_applied: 0,
  });
});

it("a call that the layer cannot read goes on as it came, and is counted", async () => {
  layer.change({ dynamodb_keys_unprocessed: 1 });
  const dynamo = new DynamoDBClient({ ...clientConfig(layer.url), maxAttempts: 1 });
  await dynamo.send(new BatchGetItemCommand({ RequestItems: { t: { Keys: undefined } } }));
  expect(emulated.seen).toHaveLength(1);
  expect(layer.proxy.tallies.of("DynamoDB leaves keys unprocessed").not_applied).toBe(1);
});
