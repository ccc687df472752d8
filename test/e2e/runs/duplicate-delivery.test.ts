import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { batchMessageFor } from "../../../lambdas/common/core/batches/message-for-row.ts";
import { asinSeries, csvOf } from "../../helpers/e2e/asins.ts";
import { openWorld, type World } from "../../helpers/e2e/open-world.ts";
import { waitFor } from "../../helpers/e2e/wait-for.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(async () => {
  await world.upstream.begin();
  world.deployed.close();
});

const SERIES = asinSeries("DUPL", 33);

describe("batch messages that are delivered more than once", () => {
  it("while the run continues and after it ended, also of older generations, change no count and cost no call", async () => {
    const { url } = world.deployed.queue("enrich");
    await world.upstream.begin({ latency_ms: 400 });
    // 33 products never fill calls of ten, so some batch waits for company and comes back as a newer generation.
    const catalogId = await world.demo.start(csvOf(SERIES), { batch_size: "5", force: "true" });
    const first = await world.deployed.batches(catalogId);
    expect(first.length).toBeGreaterThanOrEqual(1);
    for (const row of first) for (let times = 0; times < 2; times += 1) await send(url, row);

    const status = await world.demo.follow(catalogId, { seconds: 90 });
    expect(status).toMatchObject({
      state: "completed",
      totals: { products: 33, batches: 7 },
      counts: { enriched: 33, failed: 0, pending: 0, cancelled: 0 },
      by_source: { "creators-api": 33 },
    });
    await waitFor(
      "the repeated messages to be used up",
      () => world.deployed.waiting(url),
      (count) => count === 0,
      90,
    );
    const settled = await world.demo.status(catalogId);
    const products = await world.demo.products(catalogId);
    const rows = await world.deployed.batches(catalogId);
    const asked = await idsAsked();
    expect(asked).toBe(33);
    expect(Math.max(...rows.map(({ generation }) => generation))).toBeGreaterThan(1);

    for (const row of rows) {
      for (let times = 0; times < 3; times += 1) await send(url, row);
      await send(url, { ...row, generation: 1 });
    }
    await waitFor(
      "the late messages to be used up",
      () => world.deployed.waiting(url),
      (count) => count === 0,
      90,
    );
    expect(await world.demo.status(catalogId)).toEqual(settled);
    expect(await world.demo.products(catalogId)).toEqual(products);
    expect(await world.deployed.batches(catalogId)).toEqual(rows);
    expect(await idsAsked()).toBe(asked);
  });
});

const send = (url: string, row: Parameters<typeof batchMessageFor>[0]): Promise<void> =>
  world.deployed.send(url, JSON.stringify(batchMessageFor(row)));

const idsAsked = async (): Promise<number> => {
  const { ids_per_call } = await world.upstream.calls();
  return Object.entries(ids_per_call.histogram).reduce((sum, [ids, calls]) => sum + Number(ids) * calls, 0);
};
