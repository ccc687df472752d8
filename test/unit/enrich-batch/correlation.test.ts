import { afterEach, expect, it, vi } from "vitest";
import { StoreRateLimiter } from "../../../lambdas/common/core/limiter/store-rate-limiter.ts";
import { createLogger } from "../../../lambdas/common/platform/logger.ts";
import { newId } from "../../../lambdas/common/platform/new-id.ts";
import { createSystemClock } from "../../../lambdas/common/platform/system-clock.ts";
import { changeFields } from "../../../lambdas/common/services/wiring/sources/change-fields.ts";
import { createHandler } from "../../../lambdas/enrich-batch/handler.ts";
import { aBatch, anItem, aRun, asinNumber } from "../../helpers/rows.ts";
import { ConsumerWorld } from "../../helpers/worlds/consumer-world.ts";
import { MemoryLimitStore } from "../common/core/limiter/memory-limit-store.ts";

const context = { getRemainingTimeInMillis: () => 60_000 };
const other = aBatch({
  tracking_id: "enrich_cat_2_1",
  batch_id: "enrich_cat_2_1#0000001",
  catalog_id: "cat_2",
  correlation_id: "corr-2",
  items: [anItem({ asin: asinNumber(9) })],
});
const otherRun = aRun({
  catalog_id: "cat_2",
  batch_id: "enrich_cat_2_1",
  correlation_id: "corr-2",
  uploaded: 1,
  pending: 1,
  batches: 1,
  dispatched: 1,
});
const limit = { limitKey: "creators-api#me", callsPerSecond: 1, unitsPerDay: null, allowanceShare: 1 };

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** A world whose upstream call is refused for good, with the limiter and the logger that the function has. */
const refusedWorld = () => {
  vi.stubEnv("POWERTOOLS_DEV", "true");
  const lines: Record<string, unknown>[] = [];
  for (const method of ["log", "info", "warn", "error"] as const) {
    vi.spyOn(console, method).mockImplementation((line: unknown) => void lines.push(JSON.parse(String(line))));
  }
  const log = createLogger();
  const limiter = new StoreRateLimiter({
    store: new MemoryLimitStore(),
    clock: createSystemClock({ CLOCK_FILE: "" }),
    ids: newId,
    onStateChange: (change) => log.warn("breaker changed", changeFields(change)),
  });
  const world = new ConsumerWorld();
  world.add(aRun({ correlation_id: "corr-1" }), aBatch({ correlation_id: "corr-1" }));
  world.add(otherRun, other);
  const deps = world.deps({
    log,
    enrich: async () => {
      const slot = await limiter.reserve(limit, { priority: "bulk", horizonMs: 2_000, units: 1 });
      if (!slot.granted) return;
      await limiter.report(limit, slot, { kind: "critical", code: "InvalidClient", message: "no" });
      await limiter.clearPause(limit.limitKey);
    },
  });
  const saying = (message: string) => lines.filter((line) => line.message === message);
  return { world, handle: createHandler(deps), saying };
};

it("logs a change of the breaker with the failures and the correlation id of the request it works for", async () => {
  const { world, handle, saying } = refusedWorld();
  await handle({ Records: [world.record(aBatch({ correlation_id: "corr-1" }))] }, context);
  expect(saying("breaker changed")).toMatchObject([
    { to: "paused", failure_count: 0, correlation_id: "corr-1" },
    { to: "closed", correlation_id: "corr-1" },
  ]);
});

it("names all requests whose products share the call, and each alone on the lines that are about one", async () => {
  const { world, handle, saying } = refusedWorld();
  world.rows.set(other.batch_id, { ...other, generation: 7 });
  const late = world.record(other);
  const records = [world.record(aBatch({ correlation_id: "corr-1" })), late, world.record({ ...other, generation: 7 })];
  await handle({ Records: records }, context);
  expect(saying("breaker changed")[0]).toMatchObject({ correlation_id: ["corr-1", "corr-2"] });
  expect(saying("batch message not claimed")).toMatchObject([{ reason: "older", correlation_id: "corr-2" }]);
});

it("keeps the id of one invocation out of the next", async () => {
  const { world, handle, saying } = refusedWorld();
  await handle({ Records: [world.record(aBatch({ correlation_id: "corr-1" }))] }, context);
  await handle({ Records: [world.record(other)] }, context);
  expect(saying("breaker changed").map(({ correlation_id }) => correlation_id)).toEqual([
    ...["corr-1", "corr-1"],
    ...["corr-2", "corr-2"],
  ]);
});
