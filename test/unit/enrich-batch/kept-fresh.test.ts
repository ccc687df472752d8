import { expect, it } from "vitest";
import { isoTime } from "../../../lambdas/common/core/clock.ts";
import { createHandler } from "../../../lambdas/enrich-batch/handler.ts";
import { aProduct } from "../../helpers/products.ts";
import { aBatch, aRun, asinNumber } from "../../helpers/rows.ts";
import { ConsumerWorld } from "../../helpers/worlds/consumer-world.ts";
import { asins, fakeSource, START, US } from "../common/sources/chain/fakes.ts";
import { SourcesWorld } from "./sources-world.ts";
import { context } from "./two-batches.ts";

const DAY_MS = 86_400_000;
const IN_30_DAYS = isoTime(START + 30 * DAY_MS);
const [A = "", B = "", C = "", D = ""] = asins(4);

/** Fresh products in the table, by ASIN with the end of their time in the refresh, and a source that nobody may ask. */
const servedFromTable = (kept: Readonly<Record<string, string | undefined>>) => {
  const source = fakeSource({ id: "creators-api" });
  const world = new SourcesWorld(source);
  const at = isoTime(START);
  for (const [asin, refresh_until] of Object.entries(kept)) {
    const product = aProduct({ asin, product_id: `${US}#${asin}`, last_refresh_at: at, updated_at: at });
    world.table.set(`${US}#${asin}`, { not_found: {}, product, ...(refresh_until ? { refresh_until } : {}) });
  }
  return { world, source };
};

it("a run with refresh=daily renews the time of what it serves from the table, once a day", async () => {
  const { world, source } = servedFromTable({
    [A]: undefined,
    [B]: isoTime(START + 3 * DAY_MS),
    [C]: isoTime(START + 29 * DAY_MS + 1),
    [D]: isoTime(START - DAY_MS),
  });
  const { outcomes } = await world.visit([A, B, C, D], { refresh_daily: true });
  expect(source.asked).toEqual([]);
  expect([A, B, C, D].map((asin) => outcomes.get(asin)?.keptUntil)).toEqual([
    IN_30_DAYS,
    IN_30_DAYS,
    undefined,
    IN_30_DAYS,
  ]);
});

it("a run with refresh=off leaves it as it is", async () => {
  const { world } = servedFromTable({ [A]: undefined, [B]: isoTime(START + DAY_MS) });
  const { outcomes } = await world.visit([A, B]);
  expect([A, B].map((asin) => outcomes.get(asin))).toEqual([
    expect.not.objectContaining({ keptUntil: expect.anything() }),
    expect.not.objectContaining({ keptUntil: expect.anything() }),
  ]);
});

it("is written before the counts speak of the product, and for no other one", async () => {
  const world = new ConsumerWorld();
  world.add(aRun(), aBatch());
  const first = asinNumber(1);
  world.verdict = (asin) => ({
    result: { kind: "enriched", source: "creators-api", fromCache: true, incomplete: false },
    ...(asin === first ? { keptUntil: IN_30_DAYS } : {}),
  });
  await createHandler(world.deps())({ Records: [world.record(aBatch())] }, context);
  expect(world.kept).toEqual([[`www.amazon.com#${first}`, IN_30_DAYS]]);
  expect(world.runs.get("enrich_cat_1_1")).toMatchObject({ enriched: 3, from_cache: expect.any(Number) });
});
