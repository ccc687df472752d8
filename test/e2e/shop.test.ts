import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, ScanCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import * as z from "zod";
import {
  type ShopProductsAnswer,
  ShopProductsAnswerSchema,
} from "../../lambdas/common/core/contract/shop/shop-products.ts";
import { NOTICE_TEMPLATE } from "../../lib/constructs/product-notices.ts";
import { clientConfig } from "../../local/aws-environment.ts";
import { openSellerFeed } from "../../local/demo/seller-feed.ts";
import { openNoticeQueue } from "../helpers/e2e/notices/notice-queue.ts";
import { renderPipeTemplate } from "../helpers/e2e/notices/render-pipe-template.ts";
import { openWorld, type World } from "../helpers/e2e/open-world.ts";
import { waitFor } from "../helpers/e2e/wait-for.ts";
import { captionBody, thumbnailsBody } from "../helpers/worlds/shop-world.ts";

const outputs = inject("outputs");
const SELLER = { seller_handle: "e2e.shop" };
const VIDEOS = Array.from({ length: 6 }, (_, number) => `e2e-${number}`);
const NoticeSchema = z.object({ id: z.string() });
let world: World;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.deployed.close());

const list = async (query: string): Promise<ShopProductsAnswer> => {
  const { status, body } = await world.nobody.call("GET", `/shop/${SELLER.seller_handle}/products?${query}`);
  expect(status).toBe(200);
  return ShopProductsAnswerSchema.parse(body);
};

/** Every page of the list. */
const listAll = async (): Promise<ShopProductsAnswer["products"]> => {
  const products: ShopProductsAnswer["products"][number][] = [];
  let lastKey = "";
  do {
    const page = await list(`limit=4${lastKey}`);
    products.push(...page.products);
    const { lastEvaluatedKey } = page.pagination;
    lastKey = lastEvaluatedKey ? `&lastKey=${encodeURIComponent(JSON.stringify(lastEvaluatedKey))}` : "";
  } while (lastKey !== "");
  return products;
};

it("makes one product of each pair, in any order and with doubles and gives up poison without its neighbours", async () => {
  const captions = world.deployed.queue("caption-parsed");
  const thumbnails = world.deployed.queue("thumbnail-generated");
  const before = await list("");
  const feed = await openSellerFeed(outputs.webSocketUrl, SELLER.seller_handle, AbortSignal.timeout(60_000));
  const notices = await openNoticeQueue(outputs.emulatorUrl, outputs.topics["new-products"] ?? "");
  const poison = [captionBody("poison", { ...SELLER, price: "cheap" }), "not JSON {"];
  for (const body of poison) await world.deployed.send(captions.url, body);
  for (const [number, video] of VIDEOS.entries()) {
    const caption = () => world.deployed.send(captions.url, captionBody(video, SELLER));
    const pictures = () => world.deployed.send(thumbnails.url, thumbnailsBody(video, SELLER));
    for (const send of number % 2 === 0 ? [caption, pictures, caption] : [pictures, caption, pictures]) await send();
  }
  const products = await waitFor("a product of each video", listAll, (all) => all.length >= VIDEOS.length, 60);
  expect(products.map(({ video_id }) => video_id).sort()).toEqual(VIDEOS);
  const pushed = new Map<string, unknown>();
  await waitFor(
    "each product pushed to who listens to the seller",
    async () => {
      for (const product of feed.take()) pushed.set(product.video_id, product);
      return pushed;
    },
    ({ size }) => size === VIDEOS.length,
    30,
  ).finally(() => feed.close());
  expect(products).toEqual(expect.arrayContaining([...pushed.values()]));
  const announced = new Map<unknown, unknown>();
  await waitFor(
    "a notice of each product from the topic",
    async () => {
      for (const body of await world.deployed.take(notices.url)) {
        // The emulator's pipes hand the record on as it is.
        const notice = renderPipeTemplate(NOTICE_TEMPLATE, JSON.parse(body));
        announced.set(NoticeSchema.parse(notice).id, notice);
      }
      return announced;
    },
    ({ size }) => size >= VIDEOS.length,
    60,
  ).finally(() => notices.close());
  expect([...announced.values()]).toEqual(
    expect.arrayContaining(
      products.map(({ seller_handle, video_id, created_at }) => ({
        ...{ type: "new_product", id: `${seller_handle}/${video_id}`, seller_handle, video_id, created_at },
      })),
    ),
  );
  expect(announced.size).toBe(VIDEOS.length);
  expect(products.map(({ created_at }) => created_at)).toEqual(
    products
      .map(({ created_at }) => created_at)
      .toSorted()
      .reverse(),
  );
  const later = await list(`limit=50&since=${before.metadata.timestamp}`);
  expect(later.products.length).toBe(VIDEOS.length);
  const one = await world.nobody.call("GET", `/shop/${SELLER.seller_handle}/products/${VIDEOS[0]}`);
  expect(one.body).toEqual(products.find(({ video_id }) => video_id === VIDEOS[0]));

  const dead: string[] = [];
  await waitFor(
    "the poison in the dead-letter queue",
    async () => {
      dead.push(...(await world.deployed.takeDead("caption-parsed")));
      return dead;
    },
    (bodies) => bodies.length >= poison.length,
    90,
  );
  expect(dead.toSorted()).toEqual(poison.toSorted());
  // A letter is kept before its message is removed.
  for (const url of [captions, thumbnails].flatMap((queue) => [queue.url, queue.dlqUrl])) {
    await waitFor(
      `an empty queue ${url}`,
      () => world.deployed.waiting(url),
      (count) => count === 0,
      60,
    );
  }
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient(clientConfig(outputs.emulatorUrl)));
  const { Items = [] } = await documents.send(new ScanCommand({ TableName: outputs.tables["assembly-staging"] }));
  documents.destroy();
  expect(Items).toEqual([]);
  await world.deployed.invoke("sweep-staging");
  expect((await listAll()).length).toBe(VIDEOS.length);
});
