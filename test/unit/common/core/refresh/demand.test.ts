import { describe, expect, it } from "vitest";
import { RefreshDemand } from "../../../../../lambdas/common/adapters/dynamodb/refresh-demand/refresh-demand.ts";
import { createCountViews } from "../../../../../lambdas/common/services/refresh/count-views.ts";
import { MemoryDynamo } from "../../../../helpers/memory/memory-dynamo.ts";
import { NOON } from "../../../../helpers/rows.ts";
import { silentLog } from "../../../../helpers/silent.ts";

const HOUR_MS = 3_600_000;
const KEYS = ["www.amazon.com#B000000001", "www.amazon.com#B000000002"];

const aWorld = () => {
  let nowMs = NOON;
  let writes = 0;
  const dynamo = new MemoryDynamo({ demand: { keys: ["product_key"] } });
  const demand = new RefreshDemand(dynamo.client(), "demand");
  const counting = {
    countViews: (keys: readonly string[], at: number, weight?: number) => {
      writes += keys.length;
      return demand.countViews(keys, at, weight);
    },
  };
  const deps = { demand: counting, clock: { now: () => nowMs }, log: silentLog };
  const views = async () => (await demand.read(KEYS, nowMs)).get(KEYS[0] ?? "")?.viewsPerDay ?? 0;
  return {
    deps,
    dynamo,
    demand,
    views,
    writes: () => writes,
    later: (ms: number) => {
      nowMs += ms;
    },
    now: () => nowMs,
  };
};

describe("views of products", () => {
  it("cost one write an hour and product, and count as one however many instances and readers there are", async () => {
    const { deps, views, writes, later } = aWorld();
    const [one, other] = [createCountViews(deps), createCountViews(deps)];
    for (let round = 0; round < 5; round += 1) await one(KEYS);
    expect(writes()).toBe(2);
    const once = await views();
    await other(KEYS);
    expect(await views()).toBe(once);
    later(HOUR_MS);
    await one(KEYS);
    expect(await views()).toBeGreaterThan(1.9 * once);
  });

  it("are sampled for readers of very many, with as much weight", async () => {
    const { deps, views, writes } = aWorld();
    let step = 0;
    const random = () => (step++ % 2 === 0 ? 0.05 : 0.5);
    await createCountViews({ ...deps, random }, 10)(KEYS);
    expect(writes()).toBe(1);
    // Ten views in a week and what has passed of this one.
    expect(await views()).toBeGreaterThan(0.7);
  });

  it("are forgotten after two weeks", async () => {
    const { deps, views, later } = aWorld();
    await createCountViews(deps)(KEYS);
    later(15 * 24 * HOUR_MS);
    expect(await views()).toBe(0);
  });

  it("that cannot be counted cost nobody an answer", async () => {
    const warned: string[] = [];
    const log = { warn: (message: string) => void warned.push(message) };
    const demand = { countViews: async () => Promise.reject(new Error("throttled")) };
    await createCountViews({ demand, clock: { now: () => NOON }, log })(KEYS);
    expect(warned).toEqual(["views not counted for the refresh"]);
  });
});
