import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  InvokeCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
} from "@aws-sdk/client-lambda";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { type BatchRow, BatchRowSchema } from "../../../lambdas/common/core/batches/batch-row.ts";
import type { LetterQueue } from "../../../lambdas/common/core/dead-letters/letter-queues.ts";
import { clientConfig } from "../../../local/aws-environment.ts";
import type { Outputs } from "../../../local/outputs.ts";
import { readStackOutputs } from "../../../local/stack/read-stack-outputs.ts";
import { DeployedLimits } from "./deployed-limits.ts";
import { isRefused } from "./is-refused.ts";
import { StoredProducts } from "./stored-products.ts";
import { waitFor } from "./wait-for.ts";

/** What is due within this time comes by itself soon enough. */
const SOON_MS = 3_000;

/** Milliseconds until the first open product of a batch is due; Infinity when none is open. */
const waitsMs = (row: BatchRow): number =>
  Math.min(
    ...row.items
      .filter(({ state }) => state === "pending")
      .map(({ next_attempt_at }) => (next_attempt_at === undefined ? 0 : Date.parse(next_attempt_at)) - Date.now()),
  );

/** Tables, queues, bucket and functions of the deployed stack, seen from the inside. */
export class Deployed {
  /** The limiter's items. */
  readonly limits: DeployedLimits;
  readonly #outputs: Outputs;
  readonly #stateDir: string;
  readonly #documents: DynamoDBDocumentClient;
  readonly #sqs: SQSClient;
  readonly #s3: S3Client;
  readonly #lambda: LambdaClient;
  /** Ids of dead letters that were taken. */
  readonly #taken = new Set<string>();

  constructor(outputs: Outputs, stateDir: string) {
    const config = clientConfig(outputs.emulatorUrl);
    this.#outputs = outputs;
    this.#stateDir = stateDir;
    this.#documents = DynamoDBDocumentClient.from(new DynamoDBClient(config), {
      marshallOptions: { removeUndefinedValues: true },
    });
    this.limits = new DeployedLimits(this.#documents, this.#table("upstream-limits"));
    this.#sqs = new SQSClient(config);
    this.#s3 = new S3Client({ ...config, forcePathStyle: true });
    this.#lambda = new LambdaClient(config);
  }

  close(): void {
    for (const client of [this.#documents, this.#sqs, this.#s3, this.#lambda]) client.destroy();
  }

  #table(name: string): string {
    const table = this.#outputs.tables[name];
    if (!table) throw new Error(`the stack has no table ${name}`);
    return table;
  }

  queue(name: "enrich" | "enrich-express" | "ingest" | "caption-parsed" | "thumbnail-generated"): {
    readonly url: string;
    readonly dlqUrl: string;
  } {
    const queue = this.#outputs.queues[name];
    if (!queue) throw new Error(`the stack has no queue ${name}`);
    return queue;
  }

  async send(queueUrl: string, body: string): Promise<void> {
    await this.#sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: body }));
  }

  /** Messages of a queue that wait or are being worked on. Delayed ones are left out: they may be due in minutes. */
  async waiting(queueUrl: string): Promise<number> {
    const { Attributes } = await this.#sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ["All"] }),
    );
    return Object.entries(Attributes ?? {})
      .filter(([name]) => name.startsWith("ApproximateNumberOfMessages") && !name.endsWith("Delayed"))
      .reduce((sum, [, count]) => sum + Number(count), 0);
  }

  /** Takes everything that a queue gives now, for good. @returns the bodies */
  async take(queueUrl: string): Promise<string[]> {
    const { Messages = [] } = await this.#sqs.send(
      new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 }),
    );
    for (const { ReceiptHandle } of Messages) {
      await this.#sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
    }
    return Messages.map(({ Body = "" }) => Body);
  }

  /** Dead letters of a queue that are open now, after what lies there was collected; those taken once do not come again. */
  async takeDead(queue: LetterQueue): Promise<string[]> {
    await this.invoke("handle-dead-letters");
    return (await this.openLetters(queue)).map(({ body }) => body);
  }

  /** Open dead letters of a queue that `openLetters` has not given yet. */
  async openLetters(queue: LetterQueue): Promise<{ readonly id: string; readonly body: string }[]> {
    const TableName = this.#table("dead-letters");
    const { Items = [] } = await this.#documents.send(
      new QueryCommand({
        TableName,
        IndexName: "letters-by-time",
        KeyConditionExpression: "list_key = :list",
        ExpressionAttributeValues: { ":list": `open#${queue}` },
      }),
    );
    const fresh = Items.map(({ letter_key }) => String(letter_key)).filter((id) => !this.#taken.has(id));
    return Promise.all(
      fresh.map(async (id) => {
        this.#taken.add(id);
        const Key = { letter_key: id, part: "body#00" };
        const { Item } = await this.#documents.send(new GetCommand({ TableName, Key }));
        return { id, body: String(Item?.text ?? "") };
      }),
    );
  }

  /** Removes every message, the hidden ones too, which the emulator lets hold up others of their user. */
  async empty(queueUrl: string): Promise<void> {
    await this.#sqs.send(new PurgeQueueCommand({ QueueUrl: queueUrl }));
  }

  /** The rows of a run's batches, in order. */
  async batches(catalogId: string): Promise<BatchRow[]> {
    const { Items = [] } = await this.#documents.send(
      new QueryCommand({
        TableName: this.#table("enrichment-status"),
        KeyConditionExpression: "catalog_id = :catalog",
        ExpressionAttributeValues: { ":catalog": catalogId },
        ConsistentRead: true,
      }),
    );
    return Items.filter(({ row_type }) => row_type === "batch").map((item) => BatchRowSchema.parse(item));
  }

  /** Waits until every batch of the catalog that is open waits for a later moment, and nobody works on any. */
  async untilAllWait(catalogId: string, batches: number): Promise<BatchRow[]> {
    return waitFor(
      `all ${batches} batches of ${catalogId} to wait`,
      () => this.batches(catalogId),
      (rows) => rows.length === batches && rows.every((row) => row.lease_owner === undefined && waitsMs(row) > SOON_MS),
      60,
    );
  }

  /**
   * What the passing of time does: batches of the catalog that wait for a later moment are due now, and `reconcile`
   * runs as it does every minute. Batches that are worked on, or have a message under way, are left alone.
   */
  async letTimePass(catalogId: string): Promise<void> {
    const now = new Date().toISOString();
    let changed = 0;
    for (const row of await this.batches(catalogId)) {
      if (row.lease_owner !== undefined || waitsMs(row) < SOON_MS || waitsMs(row) === Infinity) continue;
      const items = row.items.map((item) => (item.state === "pending" ? { ...item, next_attempt_at: now } : item));
      try {
        await this.#documents.send(
          new PutCommand({
            TableName: this.#table("enrichment-status"),
            Item: { ...row, items, due_at: now, version: row.version + 1 },
            ConditionExpression: "version = :version",
            ExpressionAttributeValues: { ":version": row.version },
          }),
        );
        changed += 1;
      } catch (error) {
        // Somebody works on it at this moment, so it does not wait.
        if (!isRefused(error)) throw error;
      }
    }
    if (changed > 0) await this.invoke("reconcile");
  }

  /**
   * What the passing of 20 minutes does to a batch whose message is gone: it is overdue.
   * @returns `settled` when nothing is left to do for that message, `leased` when a worker may still have the batch
   */
  async becomeOverdue(message: {
    readonly catalog_id: string;
    readonly batch_id: string;
    readonly generation: number;
  }): Promise<"due" | "leased" | "settled"> {
    const { catalog_id, batch_id, generation } = message;
    const TableName = this.#table("enrichment-status");
    const { Item } = await this.#documents.send(
      new GetCommand({ TableName, Key: { catalog_id, batch_id }, ConsistentRead: true }),
    );
    const row = Item && BatchRowSchema.parse(Item);
    if (!row || row.generation > generation || row.items.every(({ state }) => state !== "pending")) return "settled";
    const now = new Date().toISOString();
    if (row.lease_until !== undefined && row.lease_until > now) return "leased";
    try {
      await this.#documents.send(
        new PutCommand({
          TableName,
          Item: { ...row, due_at: now, version: row.version + 1 },
          ConditionExpression: "version = :version",
          ExpressionAttributeValues: { ":version": row.version },
        }),
      );
    } catch (error) {
      if (!isRefused(error)) throw error;
      return "leased";
    }
    return "due";
  }

  #functionName(room: string): string {
    const { functions } = readStackOutputs(join(this.#stateDir, "stack-outputs.json"));
    const name = functions[room];
    if (!name) throw new Error(`the stack has no function ${room}`);
    return name;
  }

  /**
   * Does `work` while nobody takes messages from the queues of a consumer, so that they gather. AWS lets them do so for
   * `batch_window_seconds`, which the emulator does not know. Messages that are left of runs that ended go first: a
   * delayed one would show up in the count of those that gather.
   */
  async gathering<Result>(
    room: string,
    queues: readonly Parameters<Deployed["queue"]>[0][],
    work: () => Promise<Result>,
  ): Promise<Result> {
    const FunctionName = this.#functionName(room);
    const { EventSourceMappings = [] } = await this.#lambda.send(new ListEventSourceMappingsCommand({ FunctionName }));
    if (EventSourceMappings.length === 0) throw new Error(`${room} consumes no queue`);
    const enable = async (Enabled: boolean): Promise<void> => {
      for (const { UUID } of EventSourceMappings) {
        await this.#lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled }));
      }
    };
    await enable(false);
    try {
      for (const name of queues) await this.empty(this.queue(name).url);
      return await work();
    } finally {
      await enable(true);
    }
  }

  /** Runs one function by hand. */
  async invoke(room: string): Promise<void> {
    const FunctionName = this.#functionName(room);
    const { FunctionError, Payload } = await this.#lambda.send(new InvokeCommand({ FunctionName, Payload: "{}" }));
    if (FunctionError) throw new Error(`${room} failed: ${new TextDecoder().decode(Payload)}`);
  }

  /** Object keys of the raw answers that a product was made from. */
  async rawKeys(productKey: string): Promise<string[]> {
    const products = new StoredProducts(this.#documents, this.#table("products"));
    return [...(await products.read(productKey)).raw_keys];
  }

  /** @throws the client's NoSuchKey when there is none */
  async object(key: string): Promise<string> {
    const { Body } = await this.#s3.send(new GetObjectCommand({ Bucket: this.#outputs.bucket, Key: key }));
    return (await Body?.transformToString()) ?? "";
  }

  /** How many failure rows a run has. */
  async failures(trackingId: string): Promise<Record<string, unknown>[]> {
    const { Items = [] } = await this.#documents.send(
      new QueryCommand({
        TableName: this.#table("failures"),
        KeyConditionExpression: "tracking_id = :run",
        ExpressionAttributeValues: { ":run": trackingId },
      }),
    );
    return Items;
  }
}
