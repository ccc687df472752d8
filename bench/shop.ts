import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { CreateQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient, ScanCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { clientConfig } from "../local/aws-environment.ts";
import { demoEvents } from "../local/demo/shop-events.ts";
import { startBenchStack } from "./shared/bench-stack.ts";
import { Report } from "./shared/report.ts";
import { seconds } from "./shared/statistics.ts";
import { consumeBarely } from "./shop/bare-consumer.ts";
import { type Outgoing, sendAll } from "./shop/send-all.ts";

/*
 * Pairs a second through the deployed shop line, beside a bare consumer that writes one item a message:
 * `node bench/shop.ts --pairs 1000 --workers 2`. Both begin with their first message and end with their last item. The bare
 * consumer has as many loops as the line has workers on its two queues, and no function around it.
 */

const { values } = parseArgs({
  options: {
    pairs: { type: "string", default: "1000" },
    workers: { type: "string", default: "2" },
    json: { type: "boolean", default: false },
  },
});
const count = z.coerce.number().int().positive();
const pairs = count.parse(values.pairs);
const workers = count.parse(values.workers);
/** Sellers that the pairs are of. */
const SELLERS = 10;
const POLL_MS = 250;

const report = new Report("shop", { pairs, workers }, values.json);
const stack = await startBenchStack(1, { assembly_concurrency: workers, shop_topic: false });
try {
  const { emulatorUrl, queues, tables } = stack.outputs;
  const sqs = new SQSClient(clientConfig(emulatorUrl));
  const dynamo = new DynamoDBClient(clientConfig(emulatorUrl));
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

  const [caption, thumbnails] = (["caption-parsed", "thumbnail-generated"] as const).map((queue) =>
    demoEvents("seller").find((event) => event.queue === queue),
  );
  const events = Array.from({ length: pairs }, (_, number): Outgoing[] => {
    const key = { video_id: `video-${number}`, seller_handle: `seller-${number % SELLERS}` };
    return [caption, thumbnails].flatMap((event) =>
      event ? [{ queueUrl: urlOf(event.queue), body: JSON.stringify({ ...event.body, ...key }) }] : [],
    );
  }).flat();

  // A pair before, so that no cold start is timed.
  const untilProducts = async (wanted: number): Promise<void> => {
    while ((await items(tables["shop-products"])) < wanted) await delay(POLL_MS);
  };
  const warm = { video_id: "warm", seller_handle: "warm" };
  await sendAll(
    sqs,
    events
      .slice(0, 2)
      .map(({ queueUrl, body }) => ({ queueUrl, body: JSON.stringify({ ...JSON.parse(body), ...warm }) })),
  );
  await untilProducts(1);

  report.say(`sending ${events.length} events`);
  let began = performance.now();
  const sent = sendAll(sqs, events);
  await untilProducts(pairs + 1);
  await sent;
  const lineMs = performance.now() - began;
  const staged = await items(tables["assembly-staging"]);

  const { QueueUrl: bareUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName: "bare" }));
  await dynamo.send(
    new CreateTableCommand({
      TableName: "bare",
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    }),
  );
  report.say("the same messages to the bare consumer");
  began = performance.now();
  const bareSent = sendAll(
    sqs,
    events.map(({ body }) => ({ queueUrl: bareUrl, body })),
  );
  const bareMessages = await consumeBarely({
    ...{ sqs, documents, queueUrl: bareUrl, table: "bare", workers: 2 * workers, messages: events.length },
  });
  await bareSent;
  const bareMs = performance.now() - began;

  const perSecond = (what: number, ms: number): number => Math.round((what * 10_000) / ms) / 10;
  report.finish(
    [
      {
        way: "shop line",
        messages: events.length,
        time: seconds(lineMs),
        "messages a second": perSecond(events.length, lineMs),
        "pairs a second": perSecond(pairs, lineMs),
      },
      {
        way: "bare consumer",
        messages: bareMessages,
        time: seconds(bareMs),
        "messages a second": perSecond(bareMessages, bareMs),
        "pairs a second": perSecond(bareMessages / 2, bareMs),
      },
    ],
    [
      `The line takes ${(lineMs / bareMs).toFixed(2)} times as long as the bare consumer. Halves left in staging: ${staged}.`,
      "A pair costs the line two conditional updates, a read, a conditional put and a delete; the bare consumer two puts.",
      "Goal: 200 pairs a second, or the emulator's own limit.",
    ],
    { line_ms: lineMs, bare_ms: bareMs, staged },
  );
  for (const client of [sqs, dynamo]) client.destroy();
} finally {
  await stack.stop();
}
