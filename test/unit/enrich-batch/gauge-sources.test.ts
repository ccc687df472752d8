import { expect, it } from "vitest";
import type { LimitState } from "../../../lambdas/core/limiter/rate-limiter.ts";
import { gaugeSources } from "../../../lambdas/enrich-batch/enrich/gauge-sources.ts";
import type { ChainSource } from "../../../lambdas/sources/chain/chain-source.ts";
import { limitState } from "../../helpers/standing.ts";
import { fakeSource } from "../sources/chain/fakes.ts";

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
  const quiet = () => undefined;
  await gaugeSources(
    {
      limiter: {
        state: async ({ limit_key }) => {
          const state = states[limit_key];
          if (state instanceof Error) throw state;
          return limitState(state);
        },
      },
      meter: { gauge: (...figures) => void gauged.push(figures) },
      log: { debug: quiet, info: quiet, error: quiet, warn: (_, extra) => void warned.push(extra) },
    },
    sources,
  );
  return { gauged, warned };
};

it("tells the used share of the day and the breaker of every source that has credentials", async () => {
  const { gauged } = await gauge({
    "creators-api#me": { used_today: 6_480, left_today: 2_160 },
    "keepa#me": { left_today: null, breaker: "open", blocked_reason: "circuit-open" },
  });
  expect(gauged).toEqual([
    ["BreakerOpen", 0, { source: "creators-api" }],
    ["QuotaUsedShare", 0.75, { source: "creators-api" }],
    ["BreakerOpen", 1, { source: "keepa" }],
  ]);
});

it("does not call a source that refused the account an open breaker", async () => {
  const { gauged } = await gauge({ "creators-api#me": { breaker: "open", blocked_reason: "paused" } });
  expect(gauged[0]).toEqual(["BreakerOpen", 0, { source: "creators-api" }]);
});

it("leaves out a figure that cannot be read, with a warning, and goes on", async () => {
  const { gauged, warned } = await gauge({ "creators-api#me": new Error("the table is away") });
  expect(warned).toEqual([{ source: "creators-api", error: "Error: the table is away" }]);
  expect(gauged).toContainEqual(["BreakerOpen", 0, { source: "keepa" }]);
});

it("tells the worst of a source that has several limits, once", async () => {
  const spApi = fakeSource({ id: "sp-api", offers: () => ({}) });
  const { gauged } = await gauge(
    {
      "sp-api#me": { used_today: 10, left_today: 90 },
      "sp-api#me#item-offers": { used_today: 30, left_today: 70, blocked_reason: "circuit-open" },
    },
    [spApi],
  );
  expect(gauged).toEqual([
    ["BreakerOpen", 1, { source: "sp-api" }],
    ["QuotaUsedShare", 0.3, { source: "sp-api" }],
  ]);
});
