import { expect, it } from "vitest";
import { ShopEventSchema } from "../../../../lambdas/common/core/shop/shop-event.ts";
import { DEMO_VIDEOS, demoEvents } from "../../../../local/demo/shop-events.ts";

it("the demo's events are both halves of each video, out of order and some twice, as the line's schema wants them", () => {
  const events = demoEvents("anna");
  const halves = events.map(({ queue, body }) => {
    const { half, key } = ShopEventSchema.parse(body);
    expect(queue).toBe(half === "caption" ? "caption-parsed" : "thumbnail-generated");
    return `${half} ${key.video_id}`;
  });
  expect(new Set(halves).size).toBe(2 * DEMO_VIDEOS);
  expect(halves.length).toBeGreaterThan(2 * DEMO_VIDEOS);
  expect(halves).not.toEqual(halves.toSorted());
});
