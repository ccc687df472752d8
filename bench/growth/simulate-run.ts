import * as z from "zod";
import { uploadKey } from "../../lambdas/common/core/catalogs/upload-object.ts";
import { CatalogUploadAddressSchema } from "../../lambdas/common/core/contract/uploads/catalog-upload-address.ts";
import { MINUTE_MS } from "../../lambdas/common/core/durations.ts";
import { type RunRow, RunRowSchema } from "../../lambdas/common/core/runs/run-row.ts";
import { asins } from "../shared/bench-api.ts";
import { VirtualClock } from "../shared/virtual-clock.ts";
import { LeftOut } from "./left-out.ts";
import { MadeUpUpstream } from "./made-up-upstream.ts";
import { Counts } from "./memory/counts.ts";
import { documentClient, MemoryBucket, queueClient, secretClient } from "./memory/memory-clients.ts";
import { MemoryDynamo } from "./memory/memory-dynamo.ts";
import { MemoryQueue, type Message } from "./memory/memory-queue.ts";
import type { FunctionName, Handler, Product } from "./product.ts";
import {
  envOf,
  FUNCTION_TIMEOUT_MS,
  INGEST_TIMEOUT_MS,
  MESSAGES_PER_INVOCATION,
  QUEUES,
  TABLES,
  VISIBILITY_MS,
  WORKERS,
} from "./stage.ts";
import { sumOf, type Tally, type Usage } from "./usage.ts";

const START_MS = Date.parse("2026-06-01T00:00:00Z");

const AnswerSchema = z.object({ statusCode: z.number(), body: z.string() });
const FailuresSchema = z.object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })) });
/** In the answers to both ways of uploading. */
const CatalogIdSchema = CatalogUploadAddressSchema.pick({ catalog_id: true });

const apiEvent = (path: string, contentType: string, body: string) => ({
  version: "2.0",
  rawPath: `/api/v1${path}`,
  rawQueryString: "",
  headers: { host: "api.example", "content-type": contentType },
  requestContext: {
    domainName: "api.example",
    http: { method: "POST", path: `/api/v1${path}` },
    authorizer: { lambda: { via: "person", user_id: "bench-user", username: "bench", groups: "" } },
  },
  isBase64Encoded: true,
  body: Buffer.from(body).toString("base64"),
});

/** What of an invocation's log counts. */
export interface LogCount {
  /** Bytes since the last reading. */
  takeBytes(): number;
}

/**
 * One run of `products` products through the product's own functions, over tables, queues and objects in memory and in
 * virtual time: upload, ingest, dispatch, limiter, source chain, record, close, with both schedules.
 * @throws Error when the run does not end with every product enriched, or takes longer than `mostRealMs`
 */
export const simulateRun = async (
  product: Product,
  log: LogCount,
  options: {
    readonly products: number;
    readonly rate: number;
    /** More products come as a file of their own. */
    readonly mostInRequest: number;
    /** Products in the middle of the run that may be left out and extrapolated from those around them; 0: none. */
    readonly leaveOut: number;
    readonly mostRealMs: number;
  },
): Promise<Usage> => {
  const clock = new VirtualClock(START_MS);
  const counts = new Counts();
  const parts = { counts, clock };
  const dynamo = new MemoryDynamo(TABLES, { ...parts, errors: product });
  const bucket = new MemoryBucket(parts);
  const queues = new Map(Object.values(QUEUES).map((url) => [url, new MemoryQueue(clock)]));
  const upstream = new MadeUpUpstream(clock);
  globalThis.fetch = upstream.fetch;
  product.replace({
    clock,
    documents: documentClient(dynamo),
    queues: queueClient(queues, parts),
    objects: bucket.client(),
    secrets: secretClient(parts),
  });
  const env = envOf(options.rate);
  let invocations = 0;
  let functionMs = 0;
  let failure: unknown;
  const fail = (error: unknown): void => {
    failure ??= error;
  };

  const instance = (name: FunctionName, settings: Readonly<Record<string, string>> = {}): Handler => {
    const handler = product.create[name]({ ...env, ...settings, POWERTOOLS_SERVICE_NAME: name });
    return async (event, context) => {
      invocations += 1;
      const beganMs = clock.now();
      try {
        return await handler(event, context);
      } finally {
        functionMs += clock.now() - beganMs;
      }
    };
  };
  const contextFor = (timeoutMs: number) => {
    const endMs = clock.now() + timeoutMs;
    return { getRemainingTimeInMillis: () => Math.max(0, endMs - clock.now()) };
  };

  const consume = async (url: string, handler: Handler, most: number, timeoutMs: number): Promise<void> => {
    const queue = queues.get(url);
    if (!queue) throw new Error(`there is no queue ${url}`);
    for (;;) {
      const messages: Message[] = await queue.receive(most, Math.max(VISIBILITY_MS, timeoutMs));
      // The poller's receive and delete.
      counts.add("sqs", "ReceiveMessage");
      counts.add("sqs", "DeleteMessageBatch");
      const Records = messages.map(({ id, body, receives }) => ({
        messageId: id,
        receiptHandle: id,
        body,
        attributes: { ApproximateReceiveCount: String(receives) },
      }));
      const answer = FailuresSchema.parse(await handler({ Records }, contextFor(timeoutMs)));
      const failed = new Set(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
      for (const message of messages) {
        if (failed.has(message.id)) queue.giveBack(message).catch(fail);
        else queue.delete(message.id);
      }
    }
  };
  const startWorkers = (count: number, url: string, most: number, timeoutMs: number, create: () => Handler): void => {
    for (let worker = 0; worker < count; worker += 1) consume(url, create(), most, timeoutMs).catch(fail);
  };
  const everyMinute = async (handler: Handler): Promise<void> => {
    for (;;) {
      await clock.sleep(MINUTE_MS);
      await handler({}, contextFor(FUNCTION_TIMEOUT_MS));
    }
  };
  const enrich = (PRIORITY: string) => () => instance("enrich-batch", { PRIORITY });
  startWorkers(WORKERS.bulk, QUEUES.ENRICH_QUEUE_URL, MESSAGES_PER_INVOCATION, FUNCTION_TIMEOUT_MS, enrich("bulk"));
  startWorkers(
    WORKERS.express,
    QUEUES.EXPRESS_QUEUE_URL,
    MESSAGES_PER_INVOCATION,
    FUNCTION_TIMEOUT_MS,
    enrich("express"),
  );
  startWorkers(WORKERS.ingest, QUEUES.INGEST_QUEUE_URL, 1, INGEST_TIMEOUT_MS, () => instance("ingest-catalog"));
  everyMinute(instance("dispatch-batches")).catch(fail);
  everyMinute(instance("reconcile")).catch(fail);

  const upload = async (): Promise<void> => {
    const api = instance("catalogs-api");
    const csv = ["asin", ...asins(options.products, 0)].join("\n");
    const call = async (path: string, type: string, body: string): Promise<string> => {
      const answer = AnswerSchema.parse(await api(apiEvent(path, type, body), contextFor(29_000)));
      if (answer.statusCode >= 300) throw new Error(`POST ${path} answered ${answer.statusCode}: ${answer.body}`);
      return CatalogIdSchema.parse(JSON.parse(answer.body)).catalog_id;
    };
    if (options.products <= options.mostInRequest) {
      await call("/catalogs", "text/csv", csv);
      return;
    }
    const request = { file_name: "catalog.csv", content_type: "text/csv", content_length: Buffer.byteLength(csv) };
    const key = uploadKey(await call("/catalogs/uploads", "application/json", JSON.stringify(request)));
    counts.add("s3", "PutObject");
    bucket.put(key, Buffer.from(csv));
    const event = { "detail-type": "Object Created", detail: { object: { key } } };
    queues.get(QUEUES.INGEST_QUEUE_URL)?.send(JSON.stringify(event), 0);
  };
  log.takeBytes();
  upload().catch(fail);

  const runOf = (): RunRow | undefined => {
    const row = dynamo.items("status").find((item) => item.row_type === "run");
    return row && RunRowSchema.parse(row);
  };
  let logBytes = 0;
  const tally = (): Tally => {
    logBytes += log.takeBytes();
    return {
      writeUnits: counts.writeUnits,
      readUnits: counts.readUnits,
      writes: Object.fromEntries(counts.writes),
      requests: Object.fromEntries(counts.requests),
      invocations,
      functionSeconds: functionMs / 1_000,
      logBytes,
      calls: upstream.calls,
      seconds: (clock.now() - START_MS) / 1_000,
    };
  };
  const leftOut = new LeftOut(options.products, options.leaveOut, tally);
  let passedAtMs = 0;
  const isOver = (): boolean => {
    if (failure !== undefined) throw failure;
    leftOut.look(upstream.ids, (products) => skip(dynamo, products));
    // The row is searched only now and then: a search reads all rows.
    if (upstream.ids + leftOut.products < options.products || clock.now() - passedAtMs < 1_000) return false;
    passedAtMs = clock.now();
    const run = runOf();
    return run?.finished_at != null && [...queues.values()].every((queue) => queue.size === 0);
  };
  await clock.run(isOver, options.mostRealMs);

  const run = runOf();
  const stored = dynamo.written("products") + leftOut.products;
  if (run?.enriched !== options.products || stored !== options.products)
    throw new Error(`${run?.enriched} of ${options.products} products are enriched, ${stored} stored`);
  const done = { ...tally(), seconds: (Date.parse(run.finished_at ?? "") - START_MS) / 1_000 };
  return {
    products: options.products,
    leftOut: leftOut.products,
    drift: leftOut.drift,
    ...sumOf(done, leftOut.tally),
  };
};

/**
 * Lets a run jump ahead as if that many products had been sent and enriched: nothing ever reads rows of batches that are
 * settled, so the rest of the run continues as it would have. @returns whether it could: not while batches are being sent
 */
const skip = (dynamo: MemoryDynamo, products: number): boolean => {
  const row = dynamo.items("status").find((item) => item.row_type === "run");
  const run = row && RunRowSchema.parse(row);
  if (!run || run.claim || products % run.options.batch_size !== 0) return false;
  const batches = products / run.options.batch_size;
  dynamo.replace("status", {
    ...row,
    dispatched: run.dispatched + batches,
    settled: run.settled + batches,
    enriched: run.enriched + products,
    pending: run.pending - products,
    by_source: { ...run.by_source, "creators-api": (run.by_source["creators-api"] ?? 0) + products },
  });
  return true;
};
