import { globSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { NO_SHOP_SETTINGS } from "../../../../../lambdas/common/core/marketplaces/shop-settings.ts";
import { METRICS, ofSource } from "../../../../../lambdas/common/core/metric-names.ts";
import { buildCheckSource, type CheckSourceParts } from "../../../../../lambdas/operations-api/sources/check-source.ts";
import { REPOSITORY_ROOT } from "../../../../../local/layout.ts";
import { startKeepaSimulator } from "../../../../../local/upstreams/keepa/server.ts";
import { createProductSource } from "../../../../../local/upstreams/shared/products/product-source.ts";
import { silentLog } from "../../../../helpers/silent.ts";
import { reachedFiles } from "../../../../helpers/suite/reached-files.ts";
import { type Figure, RecordingMeter } from "../../../../helpers/worlds/recording-meter.ts";
import { SourcesWorld } from "../../../enrich-batch/sources-world.ts";
import { ProductsWorld } from "../../../products-api/products-world.ts";
import { RefreshWorld } from "../../../refresh-products/refresh-world.ts";
import { FakeLimiter, type FakeSource, fakeClock, fakeSource, sourceError } from "../../sources/chain/fakes.ts";

/*
 * Whatever function calls a source, the alarms on the source must learn of what it met: also when the function then fails, which
 * is when somebody needs them.
 */

const LAMBDAS = join(REPOSITORY_ROOT, "lambdas");
/** The only way out to an upstream. */
const WAY_OUT = join(LAMBDAS, "common/platform/upstream-http/upstream-fetch.ts");
const CALLERS = globSync("*/index.ts", { cwd: LAMBDAS })
  .filter((index) => reachedFiles(join(LAMBDAS, index)).has(WAY_OUT))
  .map(dirname)
  .sort();

const ASIN = "B000000001";

/** A source that refuses the account; after that nothing can be read any more, so that the work fails. */
const refusing = (thenFails: () => void): FakeSource =>
  fakeSource({
    id: "keepa",
    fail: () => {
      thenFails();
      return sourceError("keepa", "critical", "InvalidKey", { status: 403 });
    },
  });

const unreadable = async (): Promise<never> => {
  throw new Error("secrets cannot be read");
};

/** What each caller writes of a source that refuses it, in an invocation that then fails. */
const EXERCISES: Readonly<Record<string, () => Promise<readonly Figure[]>>> = {
  "enrich-batch": async () => {
    const world = new SourcesWorld();
    world.sources = [refusing(() => void Object.assign(world, { readSources: unreadable }))];
    await expect(world.visit([ASIN])).rejects.toThrow("secrets cannot be read");
    return world.meter.written;
  },
  "products-api": async () => {
    const world = new ProductsWorld();
    world.sources = [refusing(() => void Object.assign(world, { readSources: unreadable }))];
    const { status } = await world.post("/products/import", { asin: ASIN });
    expect(status).toBe(500);
    return world.meter.written;
  },
  "refresh-products": async () => {
    const world = new RefreshWorld([fakeSource({ id: "keepa" })]);
    await world.put(ASIN, 23);
    await world.plan();
    world.sources = [refusing(() => void Object.assign(world, { readSources: unreadable }))];
    await expect(world.serve()).rejects.toThrow("secrets cannot be read");
    return world.meter.written;
  },
  "operations-api": async () => {
    const simulator = await startKeepaSimulator({ products: createProductSource(), behaviour: {} });
    try {
      const clock = fakeClock();
      const meter = new RecordingMeter();
      const limiter = new FakeLimiter(clock);
      const state = limiter.state.bind(limiter);
      limiter.state = async (limit) => {
        limiter.state = state;
        throw new Error(`the state of ${limit.limitKey} cannot be read`);
      };
      const parts = {
        secrets: { read: async () => ({ text: `{"key":"${"k".repeat(64)}"}`, version: "1" }), forget: () => undefined },
        tokens: { get: async () => undefined, put: async () => undefined, drop: async () => undefined },
        versions: { note: async () => false },
        counters: { count: async () => undefined },
        revoked: async () => new Set<never>(),
        shops: async () => NO_SHOP_SETTINGS,
        ...{ limiter, clock, meter, log: silentLog },
      };
      const settings = { id: "keepa" as const, allowance_share: 1, endpoints: { api: simulator.url } };
      const check = buildCheckSource(
        { SOURCES: [settings], USER_AGENT: "test", STAGE: "dev" },
        parts as unknown as CheckSourceParts,
      );
      await expect(check("keepa", undefined)).rejects.toThrow("cannot be read");
      return meter.written;
    } finally {
      await simulator.close();
    }
  },
};

it("is known of every function that can reach an upstream", () => {
  expect(CALLERS).toEqual(Object.keys(EXERCISES).sort());
});

it.each(CALLERS)("%s counts a refusal and gauges the source, under the names that the alarms watch", async (caller) => {
  const written = await EXERCISES[caller]?.();
  const source = ofSource("keepa");
  expect(written).toContainEqual([METRICS.CRITICAL_UPSTREAM_ERROR, 1, source]);
  expect(written).toContainEqual([METRICS.UPSTREAM_CALLS, 1, { ...source, outcome: "critical" }]);
  expect(written).toContainEqual([METRICS.BREAKER_OPEN, 0, source]);
});

it("a search that a source refuses is counted as well", async () => {
  const { descriptor, ...source } = fakeSource({
    id: "keepa",
    client: {
      search: async () => {
        throw sourceError("keepa", "critical", "InvalidKey", { status: 403 });
      },
    },
  });
  const operations = [{ name: "search", idsPerCall: 1, limitKey: null, cost: () => 1 }];
  const world = new ProductsWorld({ ...source, descriptor: { ...descriptor, operations } });
  expect((await world.post("/sourcing/search", { query: "lamp" })).status).toBeGreaterThanOrEqual(409);
  expect(world.meter.written).toContainEqual([METRICS.CRITICAL_UPSTREAM_ERROR, 1, ofSource("keepa")]);
  expect(world.meter.written).toContainEqual([METRICS.BREAKER_OPEN, 0, ofSource("keepa")]);
});
