import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { LambdaClient, ListEventSourceMappingsCommand, UpdateEventSourceMappingCommand } from "@aws-sdk/client-lambda";
import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient, ScanCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { clientConfig } from "../local/aws-environment.ts";
import { demoEvents } from "../local/demo/shop-events.ts";
import { startBenchStack } from "./shared/bench-stack.ts";
import { emulatorCpuMs } from "./shared/cpu-time.ts";
import { Report } from "./shared/report.ts";
import { seconds } from "./shared/statistics.ts";
import { consumeBarely } from "./shop/bare-consumer.ts";
import { completeBarely, stageBarely } from "./shop/bare-line.ts";
import { type Outgoing, sendAll } from "./shop/send-all.ts";

/*
 * Pairs a second through the deployed shop line, beside loops that make the same calls of tables and queues without a function
 * around them, and beside a bare consumer that writes one item a message: `node bench/shop.ts --pairs 1000 --workers 10`. Each
 * begins with its first message and ends when its queues are empty. `--live off` leaves out the function that pushes new products.
 */

const { values } = parseArgs({
  options: {
    pairs: { type: "string", default: "1000" },
    workers: { type: "string", default: "10" },
    live: { type: "string", default: "on" },
    json: { type: "boolean", default: false },
  },
});
const count = z.coerce.number().int().positive();
const pairs = count.parse(values.pairs);
const workers = count.parse(values.workers);
const isLive = z.enum(["on", "off"]).parse(values.live) === "on";
/** Sellers that the pairs are of. */
const SELLERS = 10;
/** Pairs before, so that no cold start is timed. */
const WARM_PAIRS = 200;
const POLL_MS = 100;

const report = new Report("shop", { pairs, workers, live: isLive }, values.json);
const stack = await startBenchStack(1, { assembly_concurrency: workers, shop_topic: false });
try {
  const { emulatorUrl, queues, tables } = stack.outputs;
  const sqs = new SQSClient(clientConfig(emulatorUrl));
  const dynamo = new DynamoDBClient(clientConfig(emulatorUrl));
  const lambda = new LambdaClient(clientConfig(emulatorUrl));
  const documents = DynamoDBDocumentClient.from(dynamo);
  const urlOf = (name: string): string => {
    const url = queues[name]?.url;
    if (url === undefined) throw new Error(`the stack has no queue ${name}`);
    return url;
  };
  /** Items of a table, page by page. */
  const items = async (TableName: string | undefined): Promise<number> => {
    let total = 0;
    let ExclusiveStartKey: Record<string, unknown> | undefined;
    do {
      const page = await documents.send(
        new ScanCommand({ TableName, Select: "COUNT", ...(ExclusiveStartKey ? { ExclusiveStartKey } : {}) }),
      );
      total += page.Count ?? 0;
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey);
    return total;
  };
  const LINE = ["caption-parsed", "thumbnail-generated"] as const;
  const untilEmpty = async (): Promise<void> => {
    for (const QueueUrl of LINE.map(urlOf)) {
      for (let open = 1; open > 0; ) {
        const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }));
        open =
          Number(Attributes?.ApproximateNumberOfMessages) + Number(Attributes?.ApproximateNumberOfMessagesNotVisible);
        if (open > 0) await delay(POLL_MS);
      }
    }
  };
  const setMappings = async (isOfThese: (sourceArn: string) => boolean, Enabled: boolean): Promise<void> => {
    const { EventSourceMappings = [] } = await lambda.send(new ListEventSourceMappingsCommand({}));
    for (const { UUID, EventSourceArn = "" } of EventSourceMappings) {
      if (isOfThese(EventSourceArn)) await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled }));
    }
  };

  const samples = LINE.map((queue) => demoEvents("seller").find((event) => event.queue === queue));
  const halvesOf = (name: string, number: number): Outgoing[] => {
    const key = { video_id: `${name}-${number}`, seller_handle: `seller-${number % SELLERS}` };
    return samples.flatMap((event) =>
      event ? [{ queueUrl: urlOf(event.queue), body: JSON.stringify({ ...event.body, ...key }) }] : [],
    );
  };
  const pairsOf = (name: string, many: number): Outgoing[] =>
    Array.from({ length: many }, (_, number) => halvesOf(name, number)).flat();

  const rows: Readonly<Record<string, unknown>>[] = [];
  const measure = async (way: string, messages: readonly Outgoing[], work: () => Promise<unknown>): Promise<number> => {
    report.say(way);
    const cpuBefore = emulatorCpuMs(stack.dir);
    const began = performance.now();
    await Promise.all([sendAll(sqs, messages), work()]);
    const ms = performance.now() - began;
    const cpuAfter = emulatorCpuMs(stack.dir);
    rows.push({
      ...{ way, time: seconds(ms), "messages a second": perSecond(messages.length, ms) },
      "pairs a second": perSecond(pairs, ms),
      "emulator's CPU a pair":
        cpuBefore === undefined || cpuAfter === undefined ? "" : `${((cpuAfter - cpuBefore) / pairs).toFixed(1)} ms`,
    });
    return ms;
  };
  const perSecond = (what: number, ms: number): number => Math.round((what * 10_000) / ms) / 10;

  if (!isLive) await setMappings((source) => source.includes(`${tables["shop-products"]}/stream/`), false);
  await sendAll(sqs, pairsOf("warm", WARM_PAIRS));
  await untilEmpty();

  const messages = pairsOf("video", pairs);
  const lineMs = await measure("shop line", messages, async () => {
    // An empty queue means nothing before the first message is in it.
    await delay(POLL_MS);
    await untilEmpty();
  });
  const made = (await items(tables["shop-products"])) - WARM_PAIRS;
  const staged = await items(tables["assembly-staging"]);
  if (made !== pairs) throw new Error(`the line made ${made} products of ${pairs} pairs`);

  await setMappings((source) => /:sqs:.*(CaptionParsed|ThumbnailGenerated)/.test(source), false);
  const [captions, thumbnails] = LINE.map((queue) => ({
    ...{ sqs, queueUrl: urlOf(queue), workers, messages: pairs },
  }));
  if (!captions || !thumbnails) throw new Error("the line has two queues");
  const lineTables = { documents, staging: tables["assembly-staging"], products: tables["shop-products"] };
  const callsMs = await measure("its calls, bare", pairsOf("bare", pairs), () =>
    Promise.all([stageBarely(captions, lineTables), completeBarely(thumbnails, lineTables)]),
  );

  const { QueueUrl: bareUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName: "bare" }));
  await dynamo.send(
    new CreateTableCommand({
      TableName: "bare",
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    }),
  );
  const toBare = messages.map(({ body }) => ({ queueUrl: bareUrl, body }));
  const bareMs = await measure("one item a message, bare", toBare, () =>
    consumeBarely({ sqs, queueUrl: bareUrl, workers: 2 * workers, messages: toBare.length }, documents, "bare"),
  );

  report.finish(
    rows,
    [
      `The line reaches ${Math.round((100 * callsMs) / lineMs)} % of the loops with its calls, ${Math.round((100 * bareMs) / lineMs)} % of the bare consumer. Halves left in staging: ${staged}.`,
      "Goal: 200 pairs a second, or the emulator's own limit.",
    ],
    { line_ms: lineMs, calls_ms: callsMs, bare_ms: bareMs, staged },
  );
  for (const client of [sqs, dynamo, lambda]) client.destroy();
} finally {
  await stack.stop();
}
