import { Readable } from "node:stream";
import * as z from "zod";
import { LOCAL_CREDENTIALS } from "../../../local/upstreams/local-credentials.ts";
import type { VirtualClock } from "../../shared/virtual-clock.ts";
import { type Counts, LATENCY_MS } from "./counts.ts";
import type { MemoryDynamo } from "./memory-dynamo.ts";
import type { MemoryQueue } from "./memory-queue.ts";

/** A client as the product's adapters use it. */
export interface Client {
  send(command: { readonly constructor: { readonly name: string }; readonly input?: unknown }): Promise<unknown>;
}

const operations = new Map<string, string>();

/** `PutObject` of `PutObjectCommand`, whatever a bundler made of the name beside that. */
const operationOf = (name: string): string => {
  const known = operations.get(name) ?? name.replace(/^_*(\w+?)Command\d*$/, "$1");
  operations.set(name, known);
  return known;
};

const clientOf = (answer: (operation: string, input: unknown) => Promise<unknown>): Client => ({
  send: (command) => answer(operationOf(command.constructor.name), command.input),
});

export const documentClient = (dynamo: MemoryDynamo): Client =>
  clientOf((operation, input) => dynamo.send(operation, input));

interface Parts {
  readonly counts: Counts;
  readonly clock: VirtualClock;
}

const SendSchema = z.object({ QueueUrl: z.string(), MessageBody: z.string(), DelaySeconds: z.number().optional() });
const SendBatchSchema = z.object({
  QueueUrl: z.string(),
  Entries: z.array(z.object({ MessageBody: z.string(), DelaySeconds: z.number().optional() })),
});
const DeleteBatchSchema = z.object({
  QueueUrl: z.string(),
  Entries: z.array(z.object({ ReceiptHandle: z.string() })),
});
const ReceiveSchema = z.object({
  QueueUrl: z.string(),
  MaxNumberOfMessages: z.number(),
  VisibilityTimeout: z.number(),
  WaitTimeSeconds: z.number(),
});
const HideSchema = z.object({ QueueUrl: z.string(), ReceiptHandle: z.string(), VisibilityTimeout: z.number() });
const HideBatchSchema = z.object({
  QueueUrl: z.string(),
  Entries: z.array(HideSchema.omit({ QueueUrl: true })),
});

/** SQS over queues by their URLs. */
export const queueClient = (queues: ReadonlyMap<string, MemoryQueue>, { counts, clock }: Parts): Client => {
  const queueAt = (url: string): MemoryQueue => {
    const queue = queues.get(url);
    if (!queue) throw new Error(`there is no queue ${url}`);
    return queue;
  };
  return clientOf(async (operation, input) => {
    counts.add("sqs", operation);
    await clock.sleep(LATENCY_MS.sqs);
    if (operation === "SendMessageBatch") {
      const { QueueUrl, Entries } = SendBatchSchema.parse(input);
      for (const entry of Entries) queueAt(QueueUrl).send(entry.MessageBody, (entry.DelaySeconds ?? 0) * 1_000);
    } else if (operation === "SendMessage") {
      const { QueueUrl, MessageBody, DelaySeconds = 0 } = SendSchema.parse(input);
      queueAt(QueueUrl).send(MessageBody, DelaySeconds * 1_000);
    } else if (operation === "DeleteMessageBatch") {
      const { QueueUrl, Entries } = DeleteBatchSchema.parse(input);
      for (const { ReceiptHandle } of Entries) queueAt(QueueUrl).delete(ReceiptHandle);
    } else if (operation === "ChangeMessageVisibility") {
      const { QueueUrl, ReceiptHandle, VisibilityTimeout } = HideSchema.parse(input);
      queueAt(QueueUrl).hide(ReceiptHandle, VisibilityTimeout * 1_000);
    } else if (operation === "ChangeMessageVisibilityBatch") {
      const { QueueUrl, Entries } = HideBatchSchema.parse(input);
      for (const { ReceiptHandle, VisibilityTimeout } of Entries) {
        queueAt(QueueUrl).hide(ReceiptHandle, VisibilityTimeout * 1_000);
      }
    } else if (operation === "ReceiveMessage") {
      const { QueueUrl, MaxNumberOfMessages, VisibilityTimeout, WaitTimeSeconds } = ReceiveSchema.parse(input);
      const hiddenMs = VisibilityTimeout * 1_000;
      const received = await queueAt(QueueUrl).receiveNow(MaxNumberOfMessages, hiddenMs, WaitTimeSeconds * 1_000);
      return {
        Messages: received.map(({ id, body, receives }) => ({
          ...{
            MessageId: id,
            ReceiptHandle: id,
            Body: body,
            Attributes: { ApproximateReceiveCount: String(receives) },
          },
        })),
      };
    } else throw new Error(`the simulated queues do not know ${operation}`);
    return { Successful: [], Failed: [] };
  });
};

const BodySchema = z.union([z.string(), z.instanceof(Uint8Array)]);
const ObjectSchema = z.object({
  Key: z.string(),
  Body: BodySchema.optional(),
  Range: z.string().optional(),
  UploadId: z.string().optional(),
});
const ListSchema = z.object({ Prefix: z.string() });

const bytesOf = (body: z.infer<typeof BodySchema> | undefined): Buffer =>
  // Copied, because a writer uses its buffer again for the next part.
  body === undefined ? Buffer.alloc(0) : Buffer.from(body as string);

/** Objects of one bucket in memory; raw answers are counted and dropped, for nobody reads them. */
export class MemoryBucket {
  readonly #objects = new Map<string, Buffer>();
  readonly #parts = new Map<string, Buffer[]>();
  readonly #counts: Counts;
  readonly #clock: VirtualClock;

  constructor({ counts, clock }: Parts) {
    this.#counts = counts;
    this.#clock = clock;
  }

  put(key: string, content: Buffer): void {
    this.#objects.set(key, content);
  }

  client(): Client {
    return clientOf(async (operation, input) => {
      this.#counts.add("s3", operation);
      await this.#clock.sleep(LATENCY_MS.s3);
      if (operation === "ListObjectsV2") {
        const { Prefix } = ListSchema.parse(input);
        return { Contents: [...this.#objects.keys()].filter((key) => key.startsWith(Prefix)).map((Key) => ({ Key })) };
      }
      return this.#object(operation, ObjectSchema.parse(input));
    });
  }

  #object(operation: string, { Key, Body, Range, UploadId = "" }: z.infer<typeof ObjectSchema>): unknown {
    switch (operation) {
      case "PutObject":
        if (!Key.startsWith("raw/")) this.#objects.set(Key, bytesOf(Body));
        return { ETag: "etag" };
      case "CreateMultipartUpload":
        this.#parts.set(Key, []);
        return { UploadId: Key };
      case "UploadPart":
        this.#parts.get(UploadId)?.push(bytesOf(Body));
        return { ETag: "etag" };
      case "CompleteMultipartUpload":
        this.#objects.set(Key, Buffer.concat(this.#parts.get(UploadId) ?? []));
        this.#parts.delete(UploadId);
        return {};
      case "AbortMultipartUpload":
        this.#parts.delete(UploadId);
        return {};
      case "DeleteObject":
        this.#objects.delete(Key);
        return {};
      case "GetObject":
        return this.#get(Key, Range);
      default:
        throw new Error(`the simulated bucket does not know ${operation}`);
    }
  }

  #get(key: string, range: string | undefined): unknown {
    const content = this.#objects.get(key);
    if (!content) throw Object.assign(new Error(`there is no object ${key}`), { name: "NoSuchKey" });
    const [, from = "0", to = String(content.length - 1)] = /^bytes=(\d+)-(\d+)$/.exec(range ?? "") ?? [];
    const part = content.subarray(Number(from), Number(to) + 1);
    const Body = Object.assign(Readable.from(chunksOf(part)), { transformToString: async () => part.toString("utf8") });
    return { Body, ContentLength: part.length };
  }
}

function* chunksOf(content: Buffer): Generator<Buffer> {
  for (let from = 0; from < content.length; from += 65_536) yield content.subarray(from, from + 65_536);
}

/** Secrets Manager with the credentials that the simulated Creators API takes. */
export const secretClient = ({ counts, clock }: Parts): Client =>
  clientOf(async (operation) => {
    counts.add("secretsmanager", operation);
    await clock.sleep(LATENCY_MS.secretsmanager);
    return { SecretString: JSON.stringify(LOCAL_CREDENTIALS["creators-api"]), VersionId: "1" };
  });
