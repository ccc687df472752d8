import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GetFunctionConfigurationCommand, LambdaClient } from "@aws-sdk/client-lambda";
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import {
  BatchGetCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { clientConfig } from "../../local/aws-environment.ts";
import { functionKeys } from "../../local/emulator/function-keys.ts";
import type { SigningKeys } from "../../local/emulator/signer.ts";
import { PAGES_END_EARLY } from "../../local/faults/fault-proxy.ts";
import { FaultSettingsSchema, troublesOf } from "../../local/faults/fault-settings.ts";
import { readStackOutputs } from "../../local/stack/read-stack-outputs.ts";
import { persistentUpload } from "../helpers/chaos/persistent-upload.ts";
import { asinSeries, csvOf } from "../helpers/e2e/asins.ts";
import { FaultSwitches, notApplied } from "../helpers/e2e/fault-switches.ts";
import { openWorld, type World } from "../helpers/e2e/open-world.ts";
import { waitFor } from "../helpers/e2e/wait-for.ts";

/*
 * What the fault layer says that it does really happens on this stack, whose emulator checks each signature and each right.
 * Else the storm and the pages of all other files would prove nothing.
 */

const outputs = inject("outputs");
const { failures = "", products = "" } = outputs.tables;
const switches = new FaultSwitches(outputs);
let usual: Readonly<Record<string, number>>;
let world: World;
const opened: { destroy(): void }[] = [];

const opening = <Client extends { destroy(): void }>(client: Client): Client => {
  opened.push(client);
  return client;
};
const documentsAt = (url: string, keys?: SigningKeys): DynamoDBDocumentClient =>
  opening(
    DynamoDBDocumentClient.from(
      new DynamoDBClient({ ...clientConfig(url), maxAttempts: 1, ...(keys ? { credentials: keys } : {}) }),
    ),
  );
/** Past the layer. */
const emulator = documentsAt(outputs.emulatorUrl);
const layerUrl = outputs.faults?.url ?? "";
/** Through it, as the account itself. */
const throughLayer = documentsAt(layerUrl);

beforeAll(async () => {
  world = await openWorld();
  ({ settings: usual } = await switches.report());
});
afterEach(() => switches.set(usual));
afterAll(() => {
  for (const client of opened) client.destroy();
  world.deployed.close();
});

const appliedTo = async (name: string): Promise<number> => (await switches.report()).troubles[name]?.applied ?? 0;

describe("DynamoDB behind the layer", () => {
  const tracking_id = `faults-${randomUUID()}`;
  const Keys = Array.from({ length: 5 }, (_, index) => ({ tracking_id, product_key: `p${index}` }));
  const [Key = { tracking_id, product_key: "" }] = Keys;
  beforeAll(async () => {
    for (const [index, key] of Keys.entries()) {
      const Item = { ...key, kind: index === 4 ? "wanted" : "other", text: "x".repeat(1_000) };
      await emulator.send(new PutCommand({ TableName: failures, Item }));
    }
  });
  afterAll(async () => {
    for (const key of Keys) await emulator.send(new DeleteCommand({ TableName: failures, Key: key }));
  });

  it("ends pages early, by what it reads and not by what it gives", async () => {
    await switches.set({ page_bytes: 2_500 });
    const before = await appliedTo(PAGES_END_EARLY);
    const query = {
      TableName: failures,
      KeyConditionExpression: "tracking_id = :id",
      FilterExpression: "kind = :kind",
      ExpressionAttributeValues: { ":id": tracking_id, ":kind": "wanted" },
      ProjectionExpression: "product_key",
    };
    const first = await throughLayer.send(new QueryCommand(query));
    expect(first).toMatchObject({ Items: [], Count: 0, ScannedCount: 2, LastEvaluatedKey: Keys[1] });
    const second = await throughLayer.send(new QueryCommand({ ...query, ExclusiveStartKey: first.LastEvaluatedKey }));
    expect(second).toMatchObject({ Items: [], Count: 0, ScannedCount: 2, LastEvaluatedKey: Keys[3] });
    const last = await throughLayer.send(new QueryCommand({ ...query, ExclusiveStartKey: second.LastEvaluatedKey }));
    expect([last.Items, last.ScannedCount, last.LastEvaluatedKey]).toEqual([[{ product_key: "p4" }], 1, undefined]);
    expect(await appliedTo(PAGES_END_EARLY)).toBeGreaterThanOrEqual(before + 2);
  });

  it("leaves keys unprocessed, for callers who may read them and for nobody else", async () => {
    // Both have run, so that the emulator knows their sessions.
    await world.demo.catalogs();
    const { functions } = readStackOutputs(join(inject("stateDir"), "stack-outputs.json"));
    const lambda = opening(new LambdaClient(clientConfig(outputs.emulatorUrl)));
    const asFunction = async (room: string): Promise<DynamoDBDocumentClient> => {
      const { FunctionArn = "", Role = "" } = await lambda.send(
        new GetFunctionConfigurationCommand({ FunctionName: functions[room] }),
      );
      return documentsAt(layerUrl, functionKeys(FunctionArn, Role));
    };
    await switches.set({ dynamodb_keys_unprocessed: 1 });
    const asked = asinSeries("FLTK", 6).map((asin) => ({ product_key: `www.amazon.com#${asin}` }));
    const read = (client: DynamoDBDocumentClient) =>
      client.send(new BatchGetCommand({ RequestItems: { [products]: { Keys: asked } } }));
    const left = (await read(await asFunction("catalogs-api"))).UnprocessedKeys?.[products]?.Keys ?? [];
    expect(left.length).toBeGreaterThan(0);
    expect(left.length).toBeLessThan(asked.length);
    expect(asked).toEqual(expect.arrayContaining(left));
    await expect(read(await asFunction("authorize-requests"))).rejects.toMatchObject({ name: "AccessDeniedException" });
  });

  it("refuses writes for conflicts and for too many of them, and loses the answers of others", async () => {
    const update = (text: string) =>
      throughLayer.send(
        new UpdateCommand({
          ...{ TableName: failures, Key, UpdateExpression: "SET #text = :text" },
          ...{ ExpressionAttributeNames: { "#text": "text" }, ExpressionAttributeValues: { ":text": text } },
        }),
      );
    const stored = async () => (await emulator.send(new GetCommand({ TableName: failures, Key }))).Item?.text;
    const transact = () =>
      throughLayer.send(new TransactWriteCommand({ TransactItems: [{ Put: { TableName: failures, Item: Key } }] }));
    const refuses = (name: string) => ({ name, $metadata: { httpStatusCode: 400 } });
    await switches.set({ writes_conflicting: 1 });
    await transact();
    await expect(update("conflicting")).rejects.toMatchObject(refuses("TransactionConflictException"));
    await switches.set({ writes_conflicting: 0, transactions_conflicting: 1 });
    await expect(transact()).rejects.toMatchObject(refuses("TransactionCanceledException"));
    await switches.set({ transactions_conflicting: 0, dynamodb_throttled: 1 });
    await expect(update("throttled")).rejects.toMatchObject({ $metadata: { httpStatusCode: 400 } });
    expect(await stored()).toBeUndefined();
    await switches.set({ dynamodb_throttled: 0, dynamodb_answers_lost: 1 });
    await expect(update("lost")).rejects.toThrow();
    expect(await stored()).toBe("lost");
  });
});

it("SQS behind the layer delivers late and twice, and takes some of several messages", async () => {
  const sqs = opening(new SQSClient(clientConfig(outputs.emulatorUrl)));
  const layered = opening(new SQSClient({ ...clientConfig(layerUrl), maxAttempts: 1 }));
  const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName: `faults-${randomUUID()}` }));
  const layeredUrl = layerUrl + new URL(QueueUrl).pathname;
  /** Messages that can be taken, and that are delayed. */
  const waiting = async (): Promise<readonly number[]> => {
    const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }));
    return [Attributes.ApproximateNumberOfMessages, Attributes.ApproximateNumberOfMessagesDelayed].map(Number);
  };
  try {
    await switches.set({ sqs_twice: 1 });
    await layered.send(new SendMessageCommand({ QueueUrl: layeredUrl, MessageBody: "twice" }));
    expect(await waiting()).toEqual([2, 0]);
    await switches.set({ sqs_twice: 0, sqs_partly_refused: 1 });
    const Entries = Array.from({ length: 10 }, (_, id) => ({ Id: String(id), MessageBody: "some" }));
    const answer = await layered.send(new SendMessageBatchCommand({ QueueUrl: layeredUrl, Entries }));
    const { Successful = [], Failed = [] } = answer;
    expect([...Successful, ...Failed].map(({ Id }) => Id)).toEqual(Entries.map(({ Id }) => Id));
    expect(Failed.length).toBeGreaterThan(0);
    expect(await waiting()).toEqual([2 + Successful.length, 0]);
    await switches.set({ sqs_partly_refused: 0, sqs_late: 1 });
    // Long enough that a slow machine does not outlive it.
    const late = { QueueUrl: layeredUrl, MessageBody: "late", DelaySeconds: 600 };
    await layered.send(new SendMessageCommand(late));
    expect(await waiting()).toEqual([2 + Successful.length, 1]);
  } finally {
    await sqs.send(new DeleteQueueCommand({ QueueUrl }));
  }
});

describe("functions behind the layer", () => {
  /** Small where calls are many, so that runs get on. */
  const SHARES = {
    dynamodb_throttled: 0.02,
    dynamodb_failing: 0.02,
    dynamodb_answers_lost: 0.02,
    dynamodb_keys_unprocessed: 0.5,
    transactions_conflicting: 0.2,
    writes_conflicting: 0.2,
    s3_failing: 0.1,
    s3_slow: 0.2,
    sqs_failing: 0.1,
    sqs_late: 0.4,
    sqs_twice: 0.5,
    sqs_partly_refused: 1,
  } as const;
  const nameOf = (share: object): string => troublesOf(FaultSettingsSchema.parse(share))[0]?.name ?? "";
  const kinds = Object.keys(SHARES).map((name) => ({ name: nameOf({ [name]: 1 }), off: { [name]: 0 } }));
  const names = [...kinds.map(({ name }) => name), PAGES_END_EARLY];

  it("meet every trouble, each as it is meant, and all their products have an end", async () => {
    const { troubles: before } = await switches.report();
    const from = Date.now();
    const tell = (what: string) => console.log(`faults: ${what} after ${Date.now() - from} ms`);
    await switches.set({ ...SHARES, page_bytes: 4_000 });
    const catalogs: string[] = [];
    const unmet = async (): Promise<string[]> => {
      const round = catalogs.length;
      const csv = csvOf(asinSeries(`FL${String(round).padStart(2, "0")}`, 120));
      const { catalog_id } = await persistentUpload(world.demo, `faults ${round} ${randomUUID()}`, csv, 120);
      catalogs.push(catalog_id);
      // Lists of products are read by many keys; a refusal is one of the troubles.
      for (const id of catalogs) await world.demo.call("GET", `/catalogs/${id}/products`).catch(() => undefined);
      const { troubles } = await switches.report();
      const left = names.filter((name) => (troubles[name]?.applied ?? 0) <= (before[name]?.applied ?? 0));
      // A call meets one trouble: those that have met one make way for the others.
      for (const { name, off } of kinds) if (!left.includes(name)) await switches.set(off);
      tell(`${catalogs.length} catalogs; not met: ${left.join(", ") || "none"}`);
      return left;
    };
    try {
      await waitFor("each trouble to meet a call", unmet, (left) => left.length === 0, 60, 2_000);
    } finally {
      await switches.set(usual);
    }
    for (const id of catalogs) {
      expect(await world.demo.follow(id, { seconds: 120 })).toMatchObject({ counts: { enriched: 120, pending: 0 } });
    }
    const { troubles } = await switches.report();
    tell(JSON.stringify(troubles));
    expect(notApplied(troubles)).toEqual({});
  });
});
