import { setTimeout as delay } from "node:timers/promises";
import { SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import {
  type ShopProductsAnswer,
  ShopProductsAnswerSchema,
} from "../../lambdas/common/core/contract/shop/shop-products.ts";
import { clientConfig } from "../aws-environment.ts";
import { LocalError } from "../local-error.ts";
import type { Outputs } from "../outputs.ts";
import { DEMO_VIDEOS, type DemoEvent, demoEvents } from "./shop-events.ts";

/** How often the list is read: as a shop page would. */
const POLL_MS = 1_000;
/** Without a new product for so long, something is wrong. */
const MOST_SILENCE_MS = 60_000;
/** Messages of one call of SQS. */
const MESSAGES_PER_CALL = 10;

/** What the demo of the shop line came to. */
export interface ShopSummary {
  /** Whether each video has exactly one product. */
  readonly complete: boolean;
  readonly seller_handle: string;
  readonly events: number;
  readonly products: number;
  readonly seconds: number;
  /** Where the data of the shop page come from. */
  readonly products_url: string;
}

const send = async (outputs: Outputs, events: readonly DemoEvent[], signal: AbortSignal): Promise<void> => {
  const sqs = new SQSClient(clientConfig(outputs.emulatorUrl));
  try {
    for (const name of ["thumbnail-generated", "caption-parsed"] as const) {
      const queue = outputs.queues[name];
      if (!queue) throw new LocalError(`the local stack has no queue ${name}: is shop_line off in cdk.json?`);
      const bodies = events.filter((event) => event.queue === name).map(({ body }) => JSON.stringify(body));
      for (let from = 0; from < bodies.length; from += MESSAGES_PER_CALL) {
        const Entries = bodies
          .slice(from, from + MESSAGES_PER_CALL)
          .map((MessageBody, index) => ({ Id: String(index), MessageBody }));
        const { Failed = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl: queue.url, Entries }), {
          abortSignal: signal,
        });
        if (Failed.length > 0) throw new LocalError(`${name} refused ${Failed.length} messages: ${Failed[0]?.Message}`);
      }
    }
  } finally {
    sqs.destroy();
  }
};

const readList = async (url: string, query: string, signal: AbortSignal): Promise<ShopProductsAnswer> => {
  const response = await fetch(`${url}?${query}`, { signal });
  if (!response.ok) throw new LocalError(`${url} answered ${response.status}: ${await response.text()}`);
  return ShopProductsAnswerSchema.parse(await response.json());
};

const lineOf = ({ created_at, title, price, sizes, video_id }: ShopProductsAnswer["products"][number]): string => {
  const cost = price === null ? "no price" : price.toFixed(2);
  return `  ${created_at.slice(11, 23)}  ${title.padEnd(20)} ${cost.padStart(8)}  ${(sizes ?? []).join(" ").padEnd(8)} ${video_id}`;
};

/**
 * Sends the events of ten videos to the queues of the shop line, out of order and some twice, and shows the products appear as a
 * shop page would see them: by polling the open call with `since`.
 * @param out where the words go
 * @throws LocalError when a queue or the API refuses, or nothing appears any more
 */
export const runShopDemo = async (
  outputs: Outputs,
  out: Pick<NodeJS.WriteStream, "write">,
  signal: AbortSignal,
): Promise<ShopSummary> => {
  const say = (...lines: readonly string[]): void => void out.write(`${lines.join("\n")}\n`);
  // A seller of its own each time: a product is made once, and an earlier demo has made these.
  const seller = `demo-${Date.now().toString(36)}`;
  const url = `${outputs.apiUrl}/shop/${seller}/products`;
  const events = demoEvents(seller);
  say(
    "",
    "What happens now",
    `  1. ${events.length} events about ${DEMO_VIDEOS} videos of the seller ${seller} go to two queues, thumbnails first, captions out of order,`,
    "     every third one twice.",
    "  2. assemble-product keeps each half until the other one is there, then writes the product once.",
    "  3. A shop page reads GET /shop/{handle}/products, and then again with since = metadata.timestamp of the answer before.",
    "     A product is listed five seconds after it was made, so that each comes exactly once.",
    "",
  );
  const startedMs = performance.now();
  let since = (await readList(url, "limit=50", signal)).metadata.timestamp;
  await send(outputs, events, signal);
  const seen: string[] = [];
  for (let lastMs = performance.now(); seen.length < DEMO_VIDEOS; ) {
    await delay(POLL_MS, undefined, { signal });
    const { products, metadata } = await readList(url, `limit=50&since=${since}`, signal);
    since = metadata.timestamp;
    for (const product of products.toReversed()) {
      say(lineOf(product));
      seen.push(product.video_id);
      lastMs = performance.now();
    }
    if (performance.now() - lastMs > MOST_SILENCE_MS) {
      throw new LocalError(`only ${seen.length} of ${DEMO_VIDEOS} products appeared: read the log of assemble-product`);
    }
  }
  const all = (await readList(url, "limit=50", signal)).products;
  const complete = new Set(seen).size === seen.length && all.length === DEMO_VIDEOS;
  const seconds = Math.round((performance.now() - startedMs) / 100) / 10;
  say(
    "",
    complete
      ? `${all.length} videos, ${all.length} products, each shown once, after ${seconds} s. The doubles made none.`
      : `${all.length} products of ${DEMO_VIDEOS} videos: that is wrong.`,
    `A shop page takes its data from ${url}`,
    "  and polls it with ?since=<metadata.timestamp>; docs/shop-line.md says how.",
  );
  return { complete, seller_handle: seller, events: events.length, products: all.length, seconds, products_url: url };
};
