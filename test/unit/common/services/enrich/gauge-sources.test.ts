import { expect, it } from "vitest";
import type { LimitState } from "../../../../../lambdas/common/core/limiter/rate-limiter.ts";
import { gaugeSources } from "../../../../../lambdas/common/services/enrich/gauge-sources.ts";
import type { ChainSource } from "../../../../../lambdas/common/sources/chain/chain-source.ts";
import { limitState } from "../../../../helpers/source-status.ts";
import { fakeSource } from "../../sources/chain/fakes.ts";

/** Gauges sources that stand as told, by limit key; an error is thrown. */
const gauge = async (
  states: Readonly<Record<string, Partial<LimitState> | Error>>,
  sources: readonly ChainSource[] = [
    fakeSource({ id: "creators-api" }),
    { descriptor: fakeSource({ id: "sp-api" }).descriptor, unavailable: "not_configured" },
    fakeSource({ id: "keepa" }),
  ],
) => {
  const gauged: unknown[] = [];
  const warned: unknown[] = [];
  await gaugeSources(
    {
      limiter: {
        state: async ({ limitKey }) => {
          const state = states[limitKey];
          if (state instanceof Error) throw state;
          return limitState(state);
        },
      },
      meter: { gauge: (...figures) => void gauged.push(figures) },
      log: { warn: (_, extra) => void warned.push(extra) },
    },
    sources,
  );
  return { gauged, warned };
};

it("tells the used share of the day and the breaker of every source that has credentials", async () => {
  const { gauged } = await gauge({
    "creators-api#me": { usedToday: 6_480, leftToday: 2_160 },
    "keepa#me": { leftToday: null, breaker: "open", blockedReason: "circuit-open" },
  });
  expect(gauged).toEqual([
    ["BreakerOpen", 0, { service: "sources", source: "creators-api" }],
    ["QuotaUsedShare", 0.75, { service: "sources", source: "creators-api" }],
    ["BreakerOpen", 1, { service: "sources", source: "keepa" }],
  ]);
});

it("does not call a source that refused the account an open breaker", async () => {
  const { gauged } = await gauge({ "creators-api#me": { breaker: "open", blockedReason: "paused" } });
  expect(gauged[0]).toEqual(["BreakerOpen", 0, { service: "sources", source: "creators-api" }]);
});

it("leaves out a figure that cannot be read, with a warning, and continues", async () => {
  const { gauged, warned } = await gauge({ "creators-api#me": new Error("the table is away") });
  expect(warned).toEqual([{ source: "creators-api", error: "Error: the table is away" }]);
  expect(gauged).toContainEqual(["BreakerOpen", 0, { service: "sources", source: "keepa" }]);
});

it("tells the worst of a source that has several limits, once", async () => {
  const spApi = fakeSource({ id: "sp-api", offers: () => ({}) });
  const { gauged } = await gauge(
    {
      "sp-api#me": { usedToday: 10, leftToday: 90 },
      "sp-api#me#item-offers": { usedToday: 30, leftToday: 70, blockedReason: "circuit-open" },
    },
    [spApi],
  );
  expect(gauged).toEqual([
    ["BreakerOpen", 1, { service: "sources", source: "sp-api" }],
    ["QuotaUsedShare", 0.3, { service: "sources", source: "sp-api" }],
  ]);
});
