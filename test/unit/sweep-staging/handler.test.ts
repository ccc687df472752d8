import { expect, it } from "vitest";
import { ShopEventSchema } from "../../../lambdas/common/core/shop/shop-event.ts";
import { captionBody, ShopWorld, shopRecord, thumbnailsBody } from "../../helpers/worlds/shop-world.ts";

const HOUR_MS = 3_600_000;

it("counts each orphan in one hour, over pages and sweeps, and says once which half is there", async () => {
  const world = new ShopWorld();
  for (let number = 0; number < 7; number += 1) {
    const body = number % 2 === 0 ? captionBody(`v${number}`) : thumbnailsBody(`v${number}`);
    await world.assemble([shopRecord("1", body)]);
  }
  world.nowMs += 23 * HOUR_MS;
  await world.sweep();
  expect([...world.orphans.values()]).toEqual([0]);
  for (let hour = 0; hour < 30; hour += 1) {
    world.nowMs += HOUR_MS;
    await world.sweep();
  }
  expect([...world.orphans.values()].filter((count) => count > 0)).toEqual([7]);
  expect(world.warnings.map(({ fields }) => `${fields.video_id} ${fields.has}`).sort()).toEqual(
    [0, 1, 2, 3, 4, 5, 6].map((number) => `v${number} ${number % 2 === 0 ? "caption" : "thumbnails"}`),
  );
});

it("makes the product of a pair whose workers died for good, and clears what came after its product", async () => {
  const world = new ShopWorld();
  // Two workers that read before either staged its half, and died before the product.
  for (const body of [captionBody("v1"), thumbnailsBody("v1")]) {
    await world.stagedAssemblies.stage(ShopEventSchema.parse(JSON.parse(body)), world.nowMs, true);
  }
  await world.assemble([shopRecord("3", captionBody("v2")), shopRecord("4", thumbnailsBody("v2"))]);
  await world.assemble([shopRecord("5", captionBody("v2"))], { step: 2, when: "after" });
  expect(world.staged.map(({ is_complete }) => is_complete).sort()).toEqual([false, true]);
  world.nowMs += 25 * HOUR_MS;
  await world.sweep();
  expect(world.staged).toEqual([]);
  expect([...world.notices].sort()).toEqual(["v1", "v2"]);
  expect(world.count("AssembliesCompleted")).toBe(2);
  expect([...world.orphans.values()]).toEqual([0]);
});
