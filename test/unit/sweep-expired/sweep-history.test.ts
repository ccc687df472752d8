import { expect, it } from "vitest";
import { NOTHING_RECORDED } from "../../../lambdas/common/core/history/change.ts";
import type { SourceId } from "../../../lambdas/common/core/source-ids.ts";
import { NOON } from "../../helpers/rows.ts";
import { SweepWorld } from "./sweep-world.ts";

it("the weekly pass removes the history of sources whose licence has none now, and of no other", async () => {
  const world = new SweepWorld();
  const record = (asin: string, source: SourceId): Promise<void> =>
    world.history.record(`www.amazon.com#${asin}`, NOTHING_RECORDED, [
      { field: "current_price", value: "19.90", currency: "USD", source, changed_at: new Date(NOON).toISOString() },
    ]);
  const sources = () => world.dynamo.items("product-history").flatMap(({ source }) => source ?? []);
  await record("B000000001", "creators-api");
  await record("B000000002", "keepa");
  await record("B000000003", "product-page");
  for (let passes = 0; passes < 12; passes += 1) await world.sweep();
  expect(sources()).toEqual(["keepa"]);
  expect(JSON.stringify(world.dynamo.items("product-history"))).not.toMatch(/creators-api|product-page/);

  await record("B000000004", "paapi");
  world.nowMs += 6 * 86_400_000;
  await world.sweep();
  expect(sources()).toContain("paapi");
  world.nowMs += 86_400_000;
  for (let passes = 0; passes < 12; passes += 1) await world.sweep();
  expect(sources()).toEqual(["keepa"]);
});
