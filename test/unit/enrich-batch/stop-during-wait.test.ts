import { expect, it } from "vitest";
import type { ProductOutcome } from "../../../lambdas/common/services/enrich/product-outcome.ts";
import { createEnrichProducts, type EnrichDeps } from "../../../lambdas/enrich-batch/enrich/enrich-products.ts";
import { silentLog, silentMeter } from "../../helpers/silent.ts";
import { asins, FakeLimiter, fakeClock, fakeSource, US } from "../common/sources/chain/fakes.ts";

const [A = ""] = asins(1);

it("makes no call in a slot that was reserved before its run was stopped", async () => {
  const clock = fakeClock();
  const source = fakeSource({ id: "creators-api" });
  const outcomes = new Map<string, ProductOutcome>();
  const limiter = new FakeLimiter(clock);
  // The slot of another call: the one of this call lies a second ahead.
  await limiter.reserve({ limitKey: "creators-api#me" }, { units: 1 });
  let asked = 0;
  const deps = {
    readSources: async () => [source],
    limiter,
    products: { getKnown: async () => new Map() },
    archive: { put: async () => "" },
    counters: { count: async () => undefined },
    cacheCounters: { count: async () => undefined },
    priority: "express",
    upstreamTimeoutMs: 5_000,
    clock,
    log: silentLog,
    meter: silentMeter,
  } as unknown as EnrichDeps;
  await createEnrichProducts(deps)({
    products: [{ key: `${US}#${A}`, marketplace: US, asin: A, suspicions: 0, attempts: 0, waited: true, returns: 0 }],
    options: {
      provider: null,
      fallback: true,
      force: false,
      include_variations: false,
      refresh_daily: false,
      batch_size: 20,
    },
    // Yes before the reservation, no shortly before the slot.
    remainingMs: () => 60_000,
    mayContinue: async () => {
      asked += 1;
      return asked === 1;
    },
    deliver: async (part) => {
      for (const [key, outcome] of part.outcomes) outcomes.set(key, outcome);
    },
  });
  expect(source.asked).toEqual([]);
  expect(limiter.returned).toEqual([2]);
  expect(outcomes.get(`${US}#${A}`)?.result).toMatchObject({ kind: "wait" });
});
