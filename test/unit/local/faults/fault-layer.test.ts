import { randomBytes } from "node:crypto";
import {
  BatchGetItemCommand,
  DynamoDBClient,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { SendMessageBatchCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import * as z from "zod";
import { clientConfig } from "../../../../local/aws-environment.ts";
import { jsonOf } from "../../../../local/faults/aws-call.ts";
import { FaultSettingsSchema } from "../../../../local/faults/fault-settings.ts";
import { type FaultLayer, startFaultLayer } from "../../../../local/faults/start-fault-layer.ts";
import { Emulated } from "./emulated.ts";

let emulated: Emulated;
let layer: FaultLayer;
let dynamo: DynamoDBClient;
let sqs: SQSClient;

beforeEach(async () => {
  emulated = new Emulated();
  layer = await startFaultLayer(await emulated.start());
  const config = { ...clientConfig(layer.url), maxAttempts: 1 };
  dynamo = new DynamoDBClient(config);
  sqs = new SQSClient({ ...config, md5: false });
});

afterEach(async () => {
  for (const client of [dynamo, sqs]) client.destroy();
  await layer.stop();
  await emulated.stop();
});

const Key = { id: { S: "1" } };
const update = (TableName: string) => dynamo.send(new UpdateItemCommand({ TableName, Key }));
const transact = () =>
  dynamo.send(
    new TransactWriteItemsCommand({
      TransactItems: [{ Put: { TableName: "runs", Item: Key } }, { Delete: { TableName: "batches", Key } }],
    }),
  );
const sent = (operation: string) =>
  emulated.seen.filter((one) => one.operation === operation).map((one) => jsonOf(one.body));
/** Entries of the only SendMessageBatch that came. */
const sentEntries = () => {
  const [{ Entries: entries } = {}] = sent("SendMessageBatch");
  return z.array(z.looseObject({ Id: z.string(), DelaySeconds: z.number() })).parse(entries);
};
const control = async (path: string, body?: unknown) => {
  const init = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
  const response = await fetch(layer.controlUrl + path, init);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

describe("what AWS does to writes", () => {
  it("single ones conflict in tables that have transactions, and nowhere else", async () => {
    layer.change({ writes_conflicting: 1 });
    await update("runs");
    await transact();
    await expect(update("runs")).rejects.toMatchObject({ name: "TransactionConflictException" });
    await expect(update("batches")).rejects.toMatchObject({ name: "TransactionConflictException" });
    await update("limits");
    expect(sent("UpdateItem")).toHaveLength(2);
  });

  it("transactions conflict at their last item, and have no effect", async () => {
    layer.change({ transactions_conflicting: 1 });
    await expect(transact()).rejects.toMatchObject({
      name: "TransactionCanceledException",
      CancellationReasons: [{ Code: "None" }, { Code: "TransactionConflict" }],
    });
    expect(emulated.seen).toEqual([]);
  });

  it("they take effect although their answer is lost", async () => {
    layer.change({ dynamodb_answers_lost: 1 });
    await expect(update("runs")).rejects.toThrow();
    expect(sent("UpdateItem")).toHaveLength(1);
  });

  it("they are throttled, or fail, and have no effect", async () => {
    layer.change({ dynamodb_throttled: 1 });
    await expect(update("runs")).rejects.toMatchObject({ $metadata: { httpStatusCode: 400 } });
    layer.change({ dynamodb_throttled: 0, dynamodb_failing: 1 });
    await expect(update("runs")).rejects.toThrow();
    expect(emulated.seen).toEqual([]);
  });
});

it("a read of many keys serves some and names the others", async () => {
  layer.change({ dynamodb_keys_unprocessed: 1, seed: 5 });
  emulated.answer = ({ body }, response) => {
    const asked = JSON.parse(body.toString("utf8")) as { RequestItems: { t: { Keys: object[] } } };
    response.writeHead(200).end(JSON.stringify({ Responses: { t: asked.RequestItems.t.Keys } }));
  };
  const Keys = Array.from({ length: 20 }, (_, id) => ({ id: { N: String(id) } }));
  const { Responses, UnprocessedKeys } = await dynamo.send(new BatchGetItemCommand({ RequestItems: { t: { Keys } } }));
  const both = [...(Responses?.t ?? []), ...(UnprocessedKeys?.t?.Keys ?? [])];
  expect(both.map(({ id }) => Number(id?.N)).sort((a, b) => a - b)).toEqual(Keys.map((_, id) => id));
  expect(UnprocessedKeys?.t?.Keys?.length).toBeGreaterThan(0);
  expect(Responses?.t?.length).toBeGreaterThan(0);
});

describe("what SQS does to messages", () => {
  const Entries = Array.from({ length: 10 }, (_, id) => ({ Id: String(id), MessageBody: "{}", DelaySeconds: 2 }));
  const send = () => sqs.send(new SendMessageBatchCommand({ QueueUrl: `${layer.url}/1/queue`, Entries }));

  it("they are delivered later than they should be, and never later than SQS can", async () => {
    layer.change({ sqs_late: 1 });
    await send();
    await sqs.send(new SendMessageCommand({ QueueUrl: `${layer.url}/1/queue`, MessageBody: "{}", DelaySeconds: 900 }));
    const delays = sentEntries().map(({ DelaySeconds }) => DelaySeconds);
    expect(Math.min(...delays)).toBeGreaterThan(2);
    expect(sent("SendMessage")).toMatchObject([{ DelaySeconds: 900 }]);
  });

  it("they are delivered twice", async () => {
    layer.change({ sqs_twice: 1 });
    await send();
    const [first, second, ...others] = sent("SendMessageBatch");
    expect(second).toEqual(first);
    expect(others).toEqual([]);
  });

  it("some are refused while others are taken", async () => {
    layer.change({ sqs_partly_refused: 1 });
    emulated.answer = (_, response) => void response.writeHead(200).end(JSON.stringify({ Successful: [] }));
    const { Failed = [] } = await send();
    const taken = sentEntries().map(({ Id }) => Id);
    expect([...taken, ...Failed.map(({ Id }) => Id)]).toEqual(Entries.map(({ Id }) => Id));
    expect(Math.min(taken.length, Failed.length)).toBeGreaterThan(0);
  });
});

describe("an object", () => {
  it("flows through with its own host and headers, however large", async () => {
    const bytes = randomBytes(3_000_000);
    emulated.answer = ({ body }, response) => void response.writeHead(200, { etag: '"x"' }).end(body);
    const response = await fetch(`${layer.url}/bucket/key?sign=a%2Fb`, { method: "PUT", body: bytes });
    expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true);
    expect(response.headers.get("etag")).toBe('"x"');
    expect(emulated.seen[0]).toMatchObject({
      path: "/bucket/key?sign=a%2Fb",
      headers: { host: new URL(layer.url).host },
    });
  });

  it("is refused by a busy S3 before anything is stored", async () => {
    layer.change({ s3_failing: 1 });
    const response = await fetch(`${layer.url}/bucket/key`, { method: "PUT", body: randomBytes(100_000) });
    expect(response.status).toBe(503);
    expect(await response.text()).toMatch(/<Code>(SlowDown|ServiceUnavailable)<\/Code>/);
    expect(emulated.seen).toEqual([]);
  });
});

describe("the switches", () => {
  it("are changed, read and put back by HTTP, with what was met", async () => {
    expect((await control("/faults")).body.settings).toEqual(FaultSettingsSchema.parse({}));
    const changed = await control("/faults", { dynamodb_throttled: 1, page_bytes: 5_000 });
    expect(changed.body.settings).toMatchObject({ dynamodb_throttled: 1, page_bytes: 5_000, s3_failing: 0 });
    await expect(update("runs")).rejects.toThrow();
    expect((await control("/faults")).body).toMatchObject({
      troubles: { "DynamoDB throttles": { occasions: 1, applied: 1, refused: 0, not_applied: 0 } },
      calls: { "dynamodb:UpdateItem": 1 },
    });
    expect((await control("/reset", {})).body).toMatchObject({ settings: FaultSettingsSchema.parse({}), troubles: {} });
    await update("runs");
  });

  it("refuse what they do not know, and change nothing then", async () => {
    for (const wish of [{ dynamo_throttled: 1 }, { s3_failing: 2 }, { page_bytes: 0 }, []]) {
      expect((await control("/faults", wish)).status, JSON.stringify(wish)).toBe(400);
    }
    const response = await fetch(`${layer.controlUrl}/faults`, { method: "POST", body: "{" });
    expect(response.status).toBe(400);
    expect((await control("/other")).status).toBe(404);
    expect((await control("/faults")).body.settings).toEqual(FaultSettingsSchema.parse({}));
  });

  it("draw the same for the same seed", async () => {
    const draw = async (seed: number): Promise<string> => {
      layer.change({ seed, dynamodb_throttled: 0.5 });
      const results: string[] = [];
      for (let calls = 0; calls < 20; calls += 1)
        results.push(
          await update("runs").then(
            () => "1",
            () => "0",
          ),
        );
      return results.join("");
    };
    const first = await draw(7);
    expect(await draw(7)).toBe(first);
    expect(await draw(8)).not.toBe(first);
    expect(first).toMatch(/01|10/);
  });
});
