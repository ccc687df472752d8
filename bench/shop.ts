import { parseArgs } from "node:util";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { CreateQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { clientConfig, LOCAL_ACCOUNT, LOCAL_REGION } from "../local/aws-environment.ts";
import { demoEvents } from "../local/demo/shop-events.ts";
import { startBenchStack } from "./shared/bench-stack.ts";
import { emulatorCpuMs } from "./shared/cpu-time.ts";
import { Report } from "./shared/report.ts";
import { seconds } from "./shared/statistics.ts";
import { consumeBarely } from "./shop/bare-consumer.ts";
import { deployBareFunctions } from "./shop/bare-functions.ts";
import { completeBarely, stageBarely } from "./shop/bare-line.ts";
import { createBareTable } from "./shop/bare-table.ts";
import { countItems, untilEmpty } from "./shop/count.ts";
import { switchOff } from "./shop/mappings.ts";
import { type Outgoing, sendAll } from "./shop/send-all.ts";
import { takeCensus } from "./shop/take-census.ts";

/*
 * Pairs a second through the deployed shop line: `node bench/shop.ts --pairs 2000 --offered 250`. Beside it, over as many messages:
 * bare functions on the line's own queues that write one item a message, without and with a stream that a function reads, which is what
 * the emulator's event sources give; loops without a function that make the line's calls; loops that write one item a message.
 * Each begins with its first message and ends when its queues are empty, which is looked at after the last message is sent. `--apart 0` sends the halves
 * of a pair at once, where both are staged; `--live off` leaves out the function that pushes new products.
 */

const { values } = parseArgs({
  options: {
    pairs: { type: "string", default: "2000" },
    offered: { type: "string", default: "250" },
    apart: { type: "string", default: "1" },
    workers: { type: "string", default: "2" },
    live: { type: "string", default: "on" },
    json: { type: "boolean", default: false },
  },
});
const count = z.coerce.number().int().positive();
const pairs = count.parse(values.pairs);
/** Pairs a second that are sent. */
const offered = count.parse(values.offered);
const workers = count.parse(values.workers);
const isLive = z.enum(["on", "off"]).parse(values.live) === "on";
/** Pairs that are sent between the halves of one. */
const apart = Math.round(z.coerce.number().min(0).parse(values.apart) * offered);
/** Sellers that the pairs are of. */
const SELLERS = 10;
/** Pairs before each way with functions, so that no cold start is timed. */
const WARM_PAIRS = 200;
const LINE = ["caption-parsed", "thumbnail-generated"] as const;

const report = new Report("shop", { pairs, offered, apart, workers, live: isLive }, values.json);
const stack = await startBenchStack(1, { assembly_concurrency: workers, shop_topic: false });
try {
  const { emulatorUrl, queues, tables } = stack.outputs;
  const sqs = new SQSClient(clientConfig(emulatorUrl));
  const dynamo = new DynamoDBClient(clientConfig(emulatorUrl));
  const lambda = new LambdaClient(clientConfig(emulatorUrl));
  const documents = DynamoDBDocumentClient.from(dynamo);
  const halves = LINE.map((name) => {
    const queue = queues[name];
    const sample = demoEvents("seller").find((event) => event.queue === name);
    if (!queue || !sample) throw new Error(`the stack has no queue ${name}, or the demo no event for it`);
    return { url: queue.url, body: sample.body };
  });
  const urls = halves.map(({ url }) => url);
  const arns = urls.map((url) => `arn:aws:sqs:${LOCAL_REGION}:${LOCAL_ACCOUNT}:${url.split("/").at(-1)}`);

  const halfOf = (half: 0 | 1, name: string, number: number): Outgoing => {
    const key = { video_id: `${name}-${number}`, seller_handle: `seller-${number % SELLERS}` };
    return { queueUrl: urls[half] ?? "", body: JSON.stringify({ ...halves[half]?.body, ...key }) };
  };
  /** Thumbnails follow their captions after as many other pairs as are sent in the time between. */
  const pairsOf = (name: string, many: number): Outgoing[] =>
    Array.from({ length: many + apart }, (_, number) => [
      ...(number < many ? [halfOf(0, name, number)] : []),
      ...(number >= apart ? [halfOf(1, name, number - apart)] : []),
    ]).flat();

  const rows: Readonly<Record<string, unknown>>[] = [];
  const measure = async (
    way: string,
    messages: readonly Outgoing[],
    { beside, after }: { readonly beside?: () => Promise<unknown>; readonly after?: () => Promise<unknown> },
  ): Promise<number> => {
    report.say(way);
    const cpuBefore = emulatorCpuMs(stack.dir);
    const began = performance.now();
    // What works begins with the first message; what only waits, after the last one.
    await Promise.all([sendAll(sqs, messages, 2 * offered), beside?.()]);
    const sentMs = performance.now() - began;
    await after?.();
    const ms = performance.now() - began;
    const cpuAfter = emulatorCpuMs(stack.dir);
    rows.push({
      ...{ way, time: seconds(ms), "messages a second": perSecond(messages.length, ms) },
      "pairs a second": perSecond(pairs, ms),
      "all sent after": seconds(sentMs),
      "emulator's CPU a pair":
        cpuBefore === undefined || cpuAfter === undefined ? "" : `${((cpuAfter - cpuBefore) / pairs).toFixed(1)} ms`,
    });
    return ms;
  };
  const perSecond = (what: number, ms: number): number => Math.round((what * 10_000) / ms) / 10;
  /** By the functions that read the line's queues at present. */
  const throughQueues = async (way: string, name: string): Promise<number> => {
    await sendAll(sqs, pairsOf(`${name}-warm`, WARM_PAIRS));
    await untilEmpty(sqs, urls);
    return measure(way, pairsOf(name, pairs), { after: () => untilEmpty(sqs, urls) });
  };
  const isOfLine = (sourceArn: string): boolean => arns.includes(sourceArn);

  await takeCensus(lambda);
  if (!isLive) await switchOff(lambda, (source) => source.includes(`${tables["shop-products"]}/stream/`));
  const lineMs = await throughQueues("shop line", "line");
  const made = (await countItems(documents, tables["shop-products"])) - WARM_PAIRS;
  const staged = await countItems(documents, tables["assembly-staging"]);
  if (made !== pairs) throw new Error(`the line made ${made} products of ${pairs} pairs`);

  const bareStage = { lambda, dynamo, dir: stack.dir, queues: arns, workers };
  const throughBare = async (way: string, name: string, withStream: boolean): Promise<number> => {
    await switchOff(lambda, isOfLine);
    await deployBareFunctions(bareStage, name, withStream);
    const ms = await throughQueues(way, name);
    const written = (await countItems(documents, name)) - 2 * WARM_PAIRS;
    if (written !== 2 * pairs) throw new Error(`${way} wrote ${written} items of ${2 * pairs} messages`);
    return ms;
  };
  const bareFunctionMs = await throughBare("bare function, one item a message", "bare", false);
  const bareStreamMs = await throughBare("bare function, with a stream", "bare-streamed", true);
  await switchOff(lambda, isOfLine);

  const [captions, thumbnails] = urls.map((queueUrl) => ({ sqs, queueUrl, workers, messages: pairs }));
  if (!captions || !thumbnails) throw new Error("the line has two queues");
  const lineTables = { documents, staging: tables["assembly-staging"], products: tables["shop-products"] };
  const callsMs = await measure("loops with its calls", pairsOf("calls", pairs), {
    beside: () => Promise.all([stageBarely(captions, lineTables), completeBarely(thumbnails, lineTables)]),
  });

  const { QueueUrl: bareUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName: "bare" }));
  await createBareTable(dynamo, "bare-loops", false);
  const toBare = pairsOf("loops", pairs).map(({ body }) => ({ queueUrl: bareUrl, body }));
  const loops = { sqs, queueUrl: bareUrl, workers: 2 * workers, messages: toBare.length };
  const bareMs = await measure("loops, one item a message", toBare, {
    beside: () => consumeBarely(loops, documents, "bare-loops"),
  });

  const ratio = (ms: number): string => `${Math.round((100 * ms) / lineMs)} %`;
  report.finish(
    rows,
    [
      `The line reaches ${ratio(bareStreamMs)} of the bare function with a stream, ${ratio(bareFunctionMs)} of the one without, ${ratio(callsMs)} of the loops with its calls, ${ratio(bareMs)} of those that write one item. Halves left in staging: ${staged}.`,
      "Goal: 200 pairs a second, or the emulator's own limit.",
    ],
    {
      ...{ line_ms: lineMs, bare_function_ms: bareFunctionMs, bare_stream_ms: bareStreamMs },
      ...{ calls_ms: callsMs, bare_ms: bareMs, staged },
    },
  );
  for (const client of [sqs, dynamo, lambda]) client.destroy();
} finally {
  await stack.stop();
}
