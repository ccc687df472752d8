import { setTimeout as delay } from "node:timers/promises";
import {
  type ShopProductsAnswer,
  ShopProductsAnswerSchema,
} from "../../lambdas/common/core/contract/shop/shop-products.ts";
import { LocalError } from "../local-error.ts";
import type { Outputs } from "../outputs.ts";
import { openSellerFeed } from "./seller-feed.ts";
import { sendShopEvents } from "./send-shop-events.ts";
import { DEMO_VIDEOS, demoEvents } from "./shop-events.ts";

/** How often the demo shows what was pushed. */
const SHOW_MS = 100;
/** A list shows a product five seconds after it was made. */
const LISTED_MS = 6_000;
/** Without a new product for so long, something is wrong. */
const MAX_SILENCE_MS = 60_000;

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

const readList = async (url: string, query: string, signal: AbortSignal): Promise<ShopProductsAnswer> => {
  const response = await fetch(`${url}?${query}`, { signal });
  if (!response.ok) throw new LocalError(`${url} answered ${response.status}: ${await response.text()}`);
  return ShopProductsAnswerSchema.parse(await response.json());
};

const lineOf = ({
  created_at,
  title,
  price,
  sizes = null,
  video_id,
}: Pick<ShopProductsAnswer["products"][number], "created_at" | "title" | "price" | "video_id"> & {
  readonly sizes?: readonly string[] | null | undefined;
}): string => {
  const cost = price === null ? "no price" : price.toFixed(2);
  return `  ${created_at.slice(11, 23)}  ${title.padEnd(20)} ${cost.padStart(8)}  ${(sizes ?? []).join(" ").padEnd(8)} ${video_id}`;
};

/**
 * Sends the events of ten videos to the queues of the shop line, out of order and some twice, and shows the products appear as a
 * shop page would see them: pushed over its WebSocket. The list that such a page begins with is read at the end.
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
    `  1. ${events.length} events about ${DEMO_VIDEOS} videos of the seller ${seller} go to two queues: of some the caption`,
    "     comes first, of others the thumbnails, and every third event comes twice.",
    "  2. assemble-product keeps each half until the other one is there, then writes the product once.",
    "  3. broadcast-changes pushes it at once to every page that listens to the seller; below is what one such page gets.",
    "     A page reads GET /shop/{handle}/products first, which lists a product five seconds after it was made.",
    "",
  );
  const startedMs = performance.now();
  const feed = await openSellerFeed(outputs.webSocketUrl, seller, signal);
  const seen = new Set<string>();
  try {
    await sendShopEvents(outputs, events, signal);
    for (let lastMs = performance.now(); seen.size < DEMO_VIDEOS; ) {
      await delay(SHOW_MS, undefined, { signal });
      // A message may come twice.
      for (const product of feed.take().filter(({ video_id }) => !seen.has(video_id))) {
        say(lineOf(product));
        seen.add(product.video_id);
        lastMs = performance.now();
      }
      if (performance.now() - lastMs > MAX_SILENCE_MS) {
        throw new LocalError(
          `only ${seen.size} of ${DEMO_VIDEOS} products appeared: read the logs of assemble-product and broadcast-changes`,
        );
      }
    }
  } finally {
    feed.close();
  }
  await delay(LISTED_MS, undefined, { signal });
  const all = (await readList(url, "limit=50", signal)).products;
  const listed = new Set(all.map(({ video_id }) => video_id));
  const complete = all.length === DEMO_VIDEOS && listed.size === all.length && [...seen].every((id) => listed.has(id));
  const seconds = Math.round((performance.now() - startedMs) / 100) / 10;
  say(
    "",
    complete
      ? `${all.length} videos, ${all.length} products, each pushed and listed, after ${seconds} s. The doubles made none.`
      : `${all.length} products of ${DEMO_VIDEOS} videos: that is wrong.`,
    `A shop page takes its data from ${url}`,
    `  and what is new from ${outputs.webSocketUrl}; docs/live.md has the client, docs/shop-line.md the rest.`,
  );
  return { complete, seller_handle: seller, events: events.length, products: all.length, seconds, products_url: url };
};
