import fc from "fast-check";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { ProductStore } from "../../../../lambdas/common/adapters/dynamodb/products/product-store.ts";
import { priceSeries } from "../../../../lambdas/common/core/history/price-history.ts";
import { SERIES_OPERATION } from "../../../../lambdas/common/core/sources/operation-names.ts";
import type { SourceError } from "../../../../lambdas/common/core/sources/source-error.ts";
import { buildRateLimiter } from "../../../../lambdas/common/services/wiring/sources/rate-limiter.ts";
import { createEnrichProducts } from "../../../../lambdas/enrich-batch/enrich/enrich-products.ts";
import { createHandler as createEnrichBatch } from "../../../../lambdas/enrich-batch/handler.ts";
import { MemoryDynamo } from "../../../helpers/memory/memory-dynamo.ts";
import { aProduct } from "../../../helpers/products.ts";
import { rightsAt } from "../../../helpers/rights.ts";
import { aBatch, aRun, asinNumber, NOON } from "../../../helpers/rows.ts";
import { silentLog, silentMeter, silentUsage } from "../../../helpers/silent.ts";
import { testRuns } from "../../../helpers/test-runs.ts";
import { testSeed } from "../../../helpers/test-seed.ts";
import { ConsumerWorld } from "../../../helpers/worlds/consumer-world.ts";
import { exportDeps } from "../../../helpers/worlds/export-world.ts";
import { LiveWorld } from "../../../helpers/worlds/live-world.ts";
import { context } from "../../enrich-batch/two-batches.ts";
import { worldOf } from "../../export-catalog/fixture.ts";
import { deliver, MESSY } from "../../export-catalog/messy-export.ts";
import { ProductsWorld } from "../../products-api/products-world.ts";
import { HistoryWorld } from "../../publish-events/changes/history-world.ts";
import { RefreshWorld } from "../../refresh-products/refresh-world.ts";
import { SweepWorld } from "../../sweep-expired/sweep-world.ts";
import { FakeLimiter, fakeClock, fakeSource, leave, US } from "../sources/chain/fakes.ts";
import {
  type Fault,
  faultPlan,
  MARK,
  MARKED_PRICE,
  marked,
  markedFields,
  markedRefusal,
  markedText,
  plan,
  printedBy,
  trapTables,
} from "./log-trap.ts";

vi.mock("../../../helpers/silent.ts", () => import("./real-log.ts"));

const SEED = testSeed("log lines without content");
const HOUR_MS = 3_600_000;
const [ASIN, OTHER] = [asinNumber(1), asinNumber(2)];

beforeAll(trapTables);

/** What one run of a function meets. */
interface Meeting {
  readonly text: string;
  /** Of commands to tables. */
  readonly faults: readonly Fault[];
  /** Of each upstream call in its order. */
  readonly calls: readonly (SourceError["failureClass"] | "answer" | "item")[];
}
const meeting: fc.Arbitrary<Meeting> = fc.record({
  text: markedText,
  faults: faultPlan,
  calls: fc.array(
    fc.constantFrom("answer", "item", "retriable", "throttled", "critical", "permanent", "not_found" as const),
    { maxLength: 6 },
  ),
});

/** A source that gives marked products, and whose failures quote them. */
const markedSource = ({ text, calls }: Meeting) => {
  let made = 0;
  const next = () => calls[made++] ?? "answer";
  const source = fakeSource({ id: "creators-api" });
  const fail = (): "answer" | "item" => {
    const kind = next();
    if (kind === "answer" || kind === "item") return kind;
    throw markedRefusal(kind);
  };
  const products = (asins: readonly string[], kind: "answer" | "item") => ({
    products: kind === "answer" ? asins.map((asin) => ({ asin, fields: markedFields(text) })) : [],
    failures:
      kind === "item" ? asins.map((asin) => ({ asin, code: "ItemNotAccessible", message: `${text} is gone` })) : [],
    raw: JSON.stringify({ text, price: MARKED_PRICE }),
    signals: {},
  });
  const client: typeof source.client = {
    fetchProducts: async ({ asins }, signal) => {
      await leave(signal);
      return products(asins, fail());
    },
    search: async (_, signal) => {
      await leave(signal);
      return products([ASIN, OTHER], fail());
    },
    fetchSeries: async (_, signal) => {
      await leave(signal);
      fail();
      return { series: [priceSeries("new", [[1, 7_351_946]])], signals: {} };
    },
  };
  const more = ["search-items", SERIES_OPERATION].map((name) => ({
    name,
    idsPerCall: 1,
    limitKey: null,
    cost: () => 1,
  }));
  const { descriptor } = source;
  return { ...source, client, descriptor: { ...descriptor, operations: [...descriptor.operations, ...more] } };
};

/** Runs a function over many meetings; nothing that is printed may hold a mark. `least`: lines in all, so that it says something. */
const check = async (run: (met: Meeting) => Promise<unknown>, least: number, runs = 40): Promise<void> => {
  let lines = 0;
  await fc.assert(
    fc.asyncProperty(meeting, async (met) => {
      const printed = await printedBy(() => run(met));
      plan([]);
      lines += printed.length;
      expect(marked(printed)).toEqual([]);
    }),
    { numRuns: testRuns(runs), seed: SEED },
  );
  expect(lines).toBeGreaterThanOrEqual(least);
};

/** Does the works one after the other, and goes on when one throws; the first error is thrown at the end. */
const all = async (...works: readonly (() => Promise<unknown>)[]): Promise<void> => {
  let failed: unknown;
  for (const work of works) await work().catch((error: unknown) => (failed ??= error));
  if (failed !== undefined) throw failed;
};

describe("the trap", () => {
  it("catches content in a line, in an error and in the properties of one that the runtime prints", async () => {
    for (const leak of [
      async () => silentLog.info("a line", { title: `x${MARK}x` }),
      async () => silentLog.warn("a price", { price: Number(MARKED_PRICE) }),
      async () => silentLog.error("an error", { error: new Error(MARK) }),
      async () => Promise.reject(new Error(`no ${MARK}`)),
      async () => Promise.reject(Object.assign(new Error("no"), { Item: { title: { S: MARK } } })),
    ]) {
      expect(marked(await printedBy(leak))).toHaveLength(1);
    }
  });
});

describe("no line of the log has content, whatever products are made of and whatever fails", () => {
  it("enrich-batch", () =>
    check(async (met) => {
      const world = new ConsumerWorld();
      world.add(aRun(), aBatch());
      const clock = fakeClock();
      const dynamo = new MemoryDynamo({ products: { keys: ["product_key"] } });
      const products = new ProductStore(dynamo.client(), "products", rightsAt(clock.now), silentLog);
      const deps = world.deps();
      const enrich = createEnrichProducts({
        readSources: async () => [markedSource(met)],
        forgetSecret: () => undefined,
        limiter: new FakeLimiter(clock),
        products,
        archive: { put: async () => Promise.reject(new SyntaxError(`"${MARK}" is not valid`)) },
        counters: { count: async () => Promise.reject(new Error("not counted")) },
        cacheCounters: { count: async () => undefined },
        ...{ priority: "bulk", upstreamTimeoutMs: 5_000, clock, log: silentLog, meter: silentMeter },
        usage: silentUsage,
      });
      plan(met.faults);
      const handler = createEnrichBatch({ ...deps, products, enrich, meter: silentMeter });
      await handler({ Records: [world.record(aBatch()), world.record(aBatch(), { body: `{"${met.text}` })] }, context);
    }, 100));

  it("products-api: look-ups, imports, searches, lists and histories", () =>
    check(async (met) => {
      const source = markedSource(met);
      const world = new ProductsWorld(source, { ...source, descriptor: { ...source.descriptor, id: "keepa" } });
      Object.assign(world.deps, { logger: silentLog });
      await world.put({ asin: OTHER, ...markedFields(`old ${MARK}`) }, 2 * HOUR_MS);
      plan(met.faults);
      await all(
        () => world.get(`/products/${ASIN}/enhanced`),
        () => world.post("/products/import", { asin: ASIN }),
        () => world.post("/products/bulk-enhanced", { asins: [ASIN, OTHER] }),
        () => world.post("/sourcing/search", { query: "lamp" }),
        () => world.get("/products"),
        () => world.get(`/products/${OTHER}`),
        () => world.get(`/products/${OTHER}/history?series=keepa`),
      );
    }, 200));

  it("refresh-products and plan-refresh", () =>
    check(async (met) => {
      const world = new RefreshWorld([markedSource(met)]);
      for (const asin of [ASIN, OTHER]) await world.put(asin, 22.5, markedFields(met.text.toWellFormed()));
      await world.plan();
      plan(met.faults);
      await all(
        () => world.serve(),
        () => world.plan("person"),
      );
    }, 60));

  it("publish-events", () =>
    check(async (met) => {
      const world = new HistoryWorld();
      await world.fetch("keepa", markedFields(met.text.toWellFormed()));
      plan(met.faults);
      await all(
        () => world.deliver(),
        () => world.deliver(),
        () =>
          world.deliver({ Records: [{ eventName: "MODIFY", dynamodb: { Keys: { product_key: { N: met.text } } } }] }),
      );
    }, 40));

  it("sweep-expired", () =>
    check(async (met) => {
      const world = new SweepWorld();
      const product = aProduct(markedFields(met.text.toWellFormed()));
      await world.save(product, aProduct({ ...product, product_id: `${US}#${OTHER}`, asin: OTHER }));
      await world.put({ ...product, product_key: `${US}#${OTHER}`, title: { [met.text.toWellFormed()]: MARK } });
      await world.putEnd({ ends_hour: "2026-11-24T12", ends_at_id: "2026-11-24T12:00:00.000Z#x", kind: met.text });
      world.nowMs = NOON + 25 * HOUR_MS;
      plan(met.faults);
      await all(
        () => world.sweep(),
        () => world.sweep(),
      );
    }, 30));

  it("export-catalog", () =>
    check(async (met) => {
      const world = await worldOf(MESSY);
      for (const [key, product] of world.products) {
        world.products.set(key, { ...product, ...markedFields(met.text.toWellFormed()) });
      }
      const { objects } = world;
      let calls = 0;
      const failing = <Result>(work: () => Promise<Result>): Promise<Result> => {
        const kind = met.calls[calls++] ?? "answer";
        if (kind === "answer" || kind === "item") return work();
        return Promise.reject(
          kind === "critical" ? new SyntaxError(`"${MARK}" is not valid JSON`) : markedRefusal(kind),
        );
      };
      const deps = exportDeps(world, { log: silentLog, meter: silentMeter });
      const trapped = Object.assign(Object.create(objects), {
        put: (...given: Parameters<typeof objects.put>) => failing(() => objects.put(...given)),
        readRange: (...given: Parameters<typeof objects.readRange>) => failing(() => objects.readRange(...given)),
        startUpload: () => failing(() => objects.startUpload()),
      });
      await all(
        () => deliver({ ...deps, objects: trapped }),
        () => deliver({ ...deps, objects: trapped }, `{"${met.text}`),
        () => deliver({ ...deps, objects: trapped }, undefined, 5),
      );
      expect(marked(world.logs)).toEqual([]);
    }, 40));

  it("the limiter of all of them, whose breaker a source's words may close", () =>
    check(async ({ text, faults }) => {
      const clock = fakeClock();
      const dynamo = new MemoryDynamo({ limits: { keys: ["limit_key"] } });
      const documents = dynamo.client();
      const parts = { documents, clock, newId: () => "owner", log: silentLog };
      const limiter = buildRateLimiter({ LIMITS_TABLE_NAME: "limits" }, parts);
      const limit = { limitKey: "keepa#me", callsPerSecond: 1, unitsPerDay: null, allowanceShare: 1 };
      const slot = await limiter.reserve(limit, { priority: "bulk", horizonMs: 5_000, units: 1 });
      if (!slot.granted) throw new Error("there is a slot");
      const report = () => limiter.report(limit, slot, { kind: "critical", code: "InvalidKey", message: text });
      await all(report, async () => plan(faults), report);
      expect(dynamo.items("limits")).toMatchObject([{ pause_code: "InvalidKey" }]);
    }, 40));

  it("broadcast-changes, of which rows of runs may quote what a source said", () =>
    check(async (met) => {
      const world = new LiveWorld();
      const blocked = {
        ...{
          source: "keepa" as const,
          reason: `keepa said ${met.text}`,
          code: "paused",
          retry_at: null,
          next_step: "",
        },
        products: 1,
      };
      const run = await world.putRun({ blocked_by: [blocked as never] });
      await world.connectAs("user-1", "c1");
      await world.say("c1", { action: "subscribe_to_catalog", catalog_id: run.catalog_id });
      world.fault = () => (met.calls.includes("retriable") ? "lost" : "none");
      plan(met.faults);
      await all(
        () => world.broadcast(0, [{ ...run, sequence: run.sequence + 1 }]),
        () => world.broadcast(1, [{ ...run, state: met.text as never }]),
      );
      expect(marked(world.logged)).toEqual([]);
    }, 0));
});
