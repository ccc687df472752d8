import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { mockClient } from "aws-sdk-client-mock";
import { describe, expect, it } from "vitest";
import { ShopEventSchema } from "../../../../lambdas/common/core/shop/shop-event.ts";
import { sendShopEvents } from "../../../../local/demo/send-shop-events.ts";
import { DEMO_VIDEOS, type DemoEvent, demoEvents } from "../../../../local/demo/shop-events.ts";

/** Which half of which video each event is. */
const halvesOf = (events: readonly Pick<DemoEvent, "body">[]) =>
  events.map(({ body }) => {
    const { half, key } = ShopEventSchema.parse(body);
    return { half, video: key.video_id };
  });

describe("the demo's events", () => {
  const events = demoEvents("anna");
  const halves = halvesOf(events);
  const ofVideos = [...Map.groupBy(halves, ({ video }) => video).values()];

  it("are both halves of each video, each for its queue, as the line's schema wants them", () => {
    expect(ofVideos).toHaveLength(DEMO_VIDEOS);
    for (const all of ofVideos) expect(new Set(all.map(({ half }) => half)).size).toBe(2);
    for (const [place, { queue }] of events.entries()) {
      expect(queue).toBe(halves[place]?.half === "caption" ? "caption-parsed" : "thumbnail-generated");
    }
  });

  it("begin with the caption for half of the videos and with the thumbnails for the others, in no order of videos", () => {
    const first = ofVideos.map(([one]) => one?.half);
    expect(first.filter((half) => half === "caption")).toHaveLength(DEMO_VIDEOS / 2);
    const videos = ofVideos.map(([one]) => one?.video);
    expect(videos).not.toEqual(videos.toSorted());
  });

  it("come twice at times: before the other half is there, and after it", () => {
    const doubled = ofVideos.filter((all) => all.length > 2);
    expect(doubled.length).toBeGreaterThan(2);
    const isBefore = doubled.map(([one, next]) => one?.half === next?.half);
    expect(new Set(isBefore)).toEqual(new Set([true, false]));
  });

  it("are the same each time", () => {
    expect(halvesOf(demoEvents("anna"))).toEqual(halves);
  });

  it("are sent in this order, whichever queue they go to", async () => {
    const sqs = mockClient(SQSClient);
    sqs.on(SendMessageCommand).resolves({});
    const queues = Object.fromEntries(
      ["caption-parsed", "thumbnail-generated"].map((name) => [name, { url: `https://sqs.invalid/${name}` }]),
    );
    const outputs = { emulatorUrl: "http://emulator.invalid", queues } as unknown as Parameters<
      typeof sendShopEvents
    >[0];
    await sendShopEvents(outputs, events, new AbortController().signal);
    const sent = sqs.commandCalls(SendMessageCommand).map(({ args: [{ input }] }) => input);
    sqs.restore();
    expect(halvesOf(sent.map(({ MessageBody = "" }) => ({ body: JSON.parse(MessageBody) })))).toEqual(halves);
    expect(sent.map(({ QueueUrl }) => QueueUrl?.split("/").at(-1))).toEqual(events.map(({ queue }) => queue));
  });
});
