import { afterEach, describe, expect, it, vi } from "vitest";
import { LiveConnections } from "../../../lambdas/common/adapters/dynamodb/live/live-connections.ts";
import { MAX_FRAME_BYTES } from "../../../lambdas/common/core/live/live-limits.ts";
import { newProductOf } from "../../../lambdas/common/core/live/new-product.ts";
import { CaptionEventSchema } from "../../../lambdas/common/core/shop/caption-event.ts";
import { type ShopProduct, shopProductOf } from "../../../lambdas/common/core/shop/shop-product.ts";
import { ThumbnailsEventSchema } from "../../../lambdas/common/core/shop/thumbnails-event.ts";
import { LiveWorld } from "../../helpers/worlds/live-world.ts";
import { captionBody, thumbnailsBody } from "../../helpers/worlds/shop-world.ts";

const MADE_AT = "2026-11-29T10:00:06.000Z";

const productOf = (video: string, seller = "anna", caption: Readonly<Record<string, unknown>> = {}): ShopProduct => {
  const { video_id, seller_handle, ...words } = CaptionEventSchema.parse(
    JSON.parse(captionBody(video, { seller_handle: seller, ...caption })),
  );
  const {
    video_id: _video,
    seller_handle: _seller,
    ...thumbnails
  } = ThumbnailsEventSchema.parse(JSON.parse(thumbnailsBody(video, { seller_handle: seller })));
  return shopProductOf({ video_id, seller_handle }, { caption: words, thumbnails }, MADE_AT);
};

/** A world in which `c1` and `c2` listen to anna, and `c3` to ben. */
const listening = async (): Promise<LiveWorld> => {
  const world = new LiveWorld();
  for (const [connection, seller_handle] of Object.entries({ c1: "anna", c2: "anna", c3: "ben" })) {
    await world.connect(connection);
    await world.say(connection, { action: "subscribe_to_seller", seller_handle });
  }
  world.arrived.length = 0;
  return world;
};
const videosAt = (world: LiveWorld, connection: string): unknown[] =>
  world.sentTo(connection).map((message) => (message.type === "new_product" ? message.product.video_id : message.type));

afterEach(() => {
  vi.restoreAllMocks();
});

describe("a new product", () => {
  it("is sent whole to who listens to its seller, and to nobody else", async () => {
    const world = await listening();
    await world.broadcastProducts(0, [productOf("v1"), productOf("v2", "ben")]);
    expect(world.sentTo("c1")).toEqual([{ type: "new_product", product: productOf("v1") }]);
    expect([videosAt(world, "c2"), videosAt(world, "c3")]).toEqual([["v1"], ["v2"]]);
  });

  it("is sent as every other of a burst, without the pace of runs and with one read of who listens", async () => {
    const world = await listening();
    const videos = Array.from({ length: 20 }, (_, n) => `v${n}`);
    const from = world.nowMs;
    const queries = vi.spyOn(LiveConnections.prototype, "listeners");
    await world.broadcastProducts(
      0,
      videos.map((video) => productOf(video)),
    );
    expect(videosAt(world, "c1").sort()).toEqual(videos.toSorted());
    expect(world.nowMs).toBe(from);
    expect(queries).toHaveBeenCalledTimes(1);
  });

  it("that nobody listens to costs no read of its own", async () => {
    let calls = 0;
    const world = new LiveWorld(async () => {
      calls += 1;
    });
    await world.serve({});
    calls = 0;
    await world.broadcastProducts(
      0,
      Array.from({ length: 20 }, (_, n) => productOf(`v${n}`, `seller${n}`)),
    );
    expect(calls).toBe(1);
  });

  it("is not sent after its seller was unsubscribed from", async () => {
    const world = await listening();
    await world.say("c1", { action: "unsubscribe_from_seller", seller_handle: "anna" });
    world.arrived.length = 0;
    await world.broadcastProducts(0, [productOf("v1")]);
    expect([videosAt(world, "c1"), videosAt(world, "c2")]).toEqual([[], ["v1"]]);
  });

  it("that nobody could be sent comes again, by its record's number", async () => {
    const world = await listening();
    const both = [productOf("v1"), productOf("v2", "ben")];
    // The one who cannot be reached cannot be closed either.
    world.fault = (connection) => (connection === "c3" ? "lost" : "none");
    expect(await world.broadcastProducts(0, both)).toEqual({ batchItemFailures: [{ itemIdentifier: "v2" }] });
    world.fault = () => "none";
    await world.broadcastProducts(1, both);
    expect(videosAt(world, "c3")).toEqual(["v2"]);
  });

  it("that nobody could be sent is named by its own number, after one that nobody listens to", async () => {
    const world = await listening();
    await world.serve({});
    world.fault = (connection) => (connection === "c3" ? "lost" : "none");
    const some = [productOf("v0", "carl"), productOf("v1"), productOf("v2", "ben"), productOf("v3")];
    expect(await world.broadcastProducts(0, some)).toEqual({ batchItemFailures: [{ itemIdentifier: "v2" }] });
  });

  it("comes again when the table does not say who is listened to", async () => {
    let isAway = false;
    const world = new LiveWorld(async () => {
      if (isAway) throw new Error("the table is away");
    });
    await world.connect("c1");
    await world.say("c1", { action: "subscribe_to_seller", seller_handle: "anna" });
    await world.serve({});
    isAway = true;
    await expect(world.broadcastProducts(0, [productOf("v1")])).rejects.toThrow("the table is away");
    isAway = false;
    await world.broadcastProducts(0, [productOf("v1")]);
    expect(videosAt(world, "c1").at(-1)).toBe("v1");
  });

  it("is not waited for by a listener who is closed: its client reads what it missed", async () => {
    const world = await listening();
    world.fault = (connection, call) => (connection === "c3" && call === "send" ? "lost" : "none");
    expect(await world.broadcastProducts(0, [productOf("v2", "ben")])).toEqual({ batchItemFailures: [] });
    expect(world.open.has("c3")).toBe(false);
  });

  it("whose row cannot be read is counted, and holds no other up", async () => {
    const world = await listening();
    const { title: _title, ...untitled } = productOf("v1");
    expect(await world.broadcastProducts(0, [untitled as ShopProduct, productOf("v2")])).toEqual({
      batchItemFailures: [],
    });
    expect(videosAt(world, "c1")).toEqual(["v2"]);
    expect(world.counted).toEqual(["PushErrors"]);
  });
});

describe("a product that is too long for a frame", () => {
  const long = {
    raw_caption: "€".repeat(5_000),
    tags: Array.from({ length: 50 }, () => "€".repeat(100)),
    sizes: Array.from({ length: 50 }, () => "€".repeat(50)),
  };

  it("goes without what is missed least, and names it", () => {
    const whole = productOf("v1", "anna", { raw_caption: long.raw_caption });
    expect(newProductOf(whole)).toEqual({ type: "new_product", product: whole });
    const { raw_caption: _caption, ...rest } = productOf("v1", "anna", long);
    expect(newProductOf(productOf("v1", "anna", long))).toEqual({
      ...{ type: "new_product", product: rest, left_out: ["raw_caption"] },
    });
  });

  it("always fits, whatever it is made of", () => {
    const control = "\u0001";
    const product = productOf("v1", "anna", {
      ...{ title: `a${control.repeat(498)}a`, raw_caption: control.repeat(5_000) },
      tags: Array.from({ length: 50 }, () => `a${control.repeat(98)}a`),
      sizes: Array.from({ length: 50 }, () => `a${control.repeat(48)}a`),
    });
    const message = newProductOf(product);
    expect(Buffer.byteLength(JSON.stringify(message))).toBeLessThanOrEqual(MAX_FRAME_BYTES);
    expect(message.left_out).toEqual(["raw_caption", "tags"]);
  });
});
