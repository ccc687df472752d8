import { describe, expect, it } from "vitest";
import { ShopEventSchema } from "../../../lambdas/common/core/shop/shop-event.ts";
import type { RawRecord } from "../../../lambdas/common/platform/sqs/queue-record.ts";
import { captionBody, ShopWorld, shopRecord, thumbnailsBody } from "../../helpers/worlds/shop-world.ts";

const HOUR_MS = 3_600_000;

describe("assemble-product", () => {
  it("makes the product of both events' fields, clears staging and counts what it did", async () => {
    const world = new ShopWorld();
    await world.assemble([shopRecord("1", thumbnailsBody("v1"))]);
    expect(world.staged).toMatchObject([{ video_id: "v1", is_complete: false, ttl: world.nowMs / 1_000 + 7 * 86_400 }]);
    await world.assemble([shopRecord("2", captionBody("v1", { price: null, sizes: null }))]);
    expect(world.staged).toEqual([]);
    expect(world.products).toEqual([
      {
        ...{ video_id: "v1", seller_handle: "anna", title: "Shirt of v1", price: null, sizes: null, tags: ["cotton"] },
        ...{ confidence_score: 0.93, raw_caption: "A shirt, 19.99 only" },
        thumbnails: expect.arrayContaining([expect.objectContaining({ width: 720, timestamp: 2 })]),
        primary_thumbnail: "https://pictures.example.com/v1/1.jpg",
        processing_metadata: expect.objectContaining({ video_duration: 12.5 }),
        ...{ caption_timestamp: "2026-11-29T10:00:00.000Z", thumbnail_timestamp: "2026-11-29T10:00:05.000Z" },
        ...{ created_at: "2026-11-29T12:00:00.000Z", updated_at: "2026-11-29T12:00:00.000Z" },
      },
    ]);
    expect(Object.fromEntries(world.counts)).toEqual({ EventsProcessed: 2, AssembliesCompleted: 1 });
  });

  it("counts what comes again, says so when it differs, and leaves nothing of it", async () => {
    const world = new ShopWorld();
    const again = captionBody("v1", { title: "Another title" });
    await world.assemble([shopRecord("1", captionBody("v1"))]);
    await world.assemble([shopRecord("2", captionBody("v1"))]);
    await world.assemble([shopRecord("3", again)]);
    await world.assemble([shopRecord("4", thumbnailsBody("v1"))]);
    await world.assemble([shopRecord("5", again)]);
    await world.assemble([shopRecord("6", thumbnailsBody("v1"))]);
    expect(world.staged).toEqual([]);
    expect(world.products).toMatchObject([{ title: "Shirt of v1" }]);
    expect(Object.fromEntries(world.counts)).toEqual({
      ...{ EventsProcessed: 6, AssembliesCompleted: 1, DuplicateEvents: 4, ConflictingEvents: 2 },
    });
  });

  it("makes products of a group with few calls, and stages only what comes first", async () => {
    const world = new ShopWorld();
    const videos = Array.from({ length: 30 }, (_, number) => `v${number}`);
    const group = (body: (video: string) => string) => videos.map((video) => shopRecord(video, body(video)));
    const callsOf = async (records: readonly RawRecord[]): Promise<Record<string, number>> => {
      world.calls.length = 0;
      expect(await world.assemble(records)).toEqual([]);
      return Object.fromEntries(
        Object.entries(Object.groupBy(world.calls, (call) => call)).map(([call, all]) => [call, all?.length ?? 0]),
      );
    };
    expect(await callsOf(group(captionBody))).toEqual({ BatchGetCommand: 2, PutCommand: 30 });
    expect(await callsOf(group(thumbnailsBody))).toEqual({ BatchGetCommand: 1, PutCommand: 30, BatchWriteCommand: 2 });
    expect([world.staged.length, world.products.length]).toEqual([0, 30]);
    const both = [shopRecord("1", captionBody("w")), shopRecord("2", thumbnailsBody("w"))];
    expect(await callsOf(both)).toEqual({ BatchGetCommand: 1, PutCommand: 1, BatchWriteCommand: 1 });
    expect(world.count("AssembliesCompleted")).toBe(31);
    expect(world.count("DuplicateEvents")).toBe(0);
  });

  it("counts doubles that come in one group, and says so when they differ", async () => {
    const world = new ShopWorld();
    await world.assemble([
      shopRecord("1", captionBody("v1")),
      shopRecord("2", captionBody("v1", { title: "Another title" })),
      shopRecord("3", thumbnailsBody("v1")),
      shopRecord("4", thumbnailsBody("v1")),
    ]);
    expect(world.products).toMatchObject([{ title: "Shirt of v1" }]);
    expect(Object.fromEntries(world.counts)).toEqual({
      ...{ EventsProcessed: 4, AssembliesCompleted: 1, DuplicateEvents: 2, ConflictingEvents: 1 },
    });
  });

  it("gives back those whose write failed, all when nothing can be read, and none for good", async () => {
    const world = new ShopWorld();
    const records = ["v1", "v2"].flatMap((video) => [
      shopRecord(`${video}-c`, captionBody(video)),
      shopRecord(`${video}-t`, thumbnailsBody(video)),
    ]);
    const throttled = Object.assign(new Error("busy"), { name: "ThrottlingException" });
    world.fault = (call) => (call === "BatchGetCommand" ? throttled : undefined);
    expect(await world.assemble(records)).toHaveLength(4);
    const puts: string[] = [];
    // Both products are put at the same time, and the second one is there at once.
    world.fault = (call) => (call === "PutCommand" && puts.push(call) !== 2 ? throttled : undefined);
    expect((await world.assemble(records))?.sort()).toEqual(["v1-c", "v1-t"]);
    // Written, and not cleared.
    world.nowMs += 1_000;
    world.fault = (call) => (call === "BatchWriteCommand" ? throttled : undefined);
    expect(await world.assemble(records)).toHaveLength(4);
    expect(world.count("AssembliesCompleted")).toBe(2);
    world.fault = () => undefined;
    expect(await world.assemble(records)).toEqual([]);
    expect(world.products).toHaveLength(2);
    expect([...world.notices].sort()).toEqual(["v1", "v2"]);
  });

  it("gives a poison message back alone, and does its neighbours", async () => {
    const world = new ShopWorld();
    const back = await world.assemble([
      shopRecord("bad", captionBody("v1", { price: "19.99" })),
      shopRecord("1", captionBody("v1")),
      shopRecord("worse", "not JSON"),
      shopRecord("2", thumbnailsBody("v1")),
    ]);
    expect(back?.sort()).toEqual(["bad", "worse"]);
    expect(world.products).toHaveLength(1);
    expect(world.visibility.sort()).toEqual(["r-bad 3", "r-worse 3"]);
    expect(world.count("RecordInvalid")).toBe(2);
  });

  it("makes a product of halves that are six days apart, and begins anew after seven", async () => {
    const world = new ShopWorld();
    for (const [video, hours] of [
      ["v1", 6 * 24],
      ["v2", 7 * 24 + 1],
    ] as const) {
      const startMs = world.nowMs;
      await world.assemble([shopRecord("1", captionBody(video))]);
      world.nowMs = startMs + hours * HOUR_MS;
      await world.assemble([shopRecord("2", thumbnailsBody(video))]);
      world.nowMs = startMs;
    }
    expect(world.products.map(({ video_id }) => video_id)).toEqual(["v1"]);
    expect(world.staged).toMatchObject([{ video_id: "v2", has_thumbnails: true }]);
    expect(world.staged[0]?.caption).toBeUndefined();
  });

  it("reads an event by its own fields, drops what it does not know, and refuses what it cannot store", () => {
    const read = (body: string) => ShopEventSchema.safeParse(JSON.parse(body));
    expect(
      read(captionBody("v1", { colour: "red", raw_caption: `${"x".repeat(4_999)}\ud83d\ude00` })).data,
    ).toMatchObject({
      half: "caption",
      content: { raw_caption: `${"x".repeat(4_999)}\ufffd` },
    });
    expect(read(thumbnailsBody("v1", { thumbnails: [] })).error?.issues[0]?.path).toEqual(["thumbnails"]);
    for (const wrong of [
      { video_id: "a/b" },
      { seller_handle: "" },
      { price: -1 },
      { price: 1e-200 },
      { title: " " },
    ]) {
      expect(read(captionBody("v1", wrong)).success, JSON.stringify(wrong)).toBe(false);
    }
  });
});
