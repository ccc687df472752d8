import { expect, it } from "vitest";
import type { LimitState } from "../../../../../lambdas/common/core/limiter/rate-limiter.ts";
import { METRICS } from "../../../../../lambdas/common/core/metric-names.ts";
import { type WatchOptions, watchSources } from "../../../../../lambdas/common/services/enrich/watch-sources.ts";
import type { CallRecord } from "../../../../../lambdas/common/sources/chain/chain-deps.ts";
import type { ChainSource } from "../../../../../lambdas/common/sources/chain/chain-source.ts";
import { silentLog } from "../../../../helpers/silent.ts";
import { limitState } from "../../../../helpers/source-status.ts";
import { RecordingMeter } from "../../../../helpers/worlds/recording-meter.ts";
import { fakeSource } from "../../sources/chain/fakes.ts";

const refusal: CallRecord = {
  ...{ source: "creators-api", operation: "get-items", marketplace: "www.amazon.com", ids: 10, outcome: "critical" },
  ...{ code: "InvalidClient", message: null, itemFailures: {}, durationMs: 1 },
};
const creators = fakeSource({ id: "creators-api" });
const keepa = fakeSource({ id: "keepa" });

/** The sources whose refusal was counted as one that nobody makes up for. */
const unserved = async (
  others: readonly ChainSource[],
  states: Readonly<Record<string, Partial<LimitState> | Error>> = {},
  options: WatchOptions = {},
): Promise<(string | undefined)[]> => {
  const meter = new RecordingMeter();
  await watchSources(
    {
      meter,
      limiter: {
        state: async ({ limitKey }) => {
          const state = states[limitKey];
          if (state instanceof Error) throw state;
          return limitState(state ?? {});
        },
      },
      counters: { count: async () => undefined },
      log: silentLog,
    },
    async ({ sees, countCall }) => {
      sees([creators, ...others]);
      countCall(refusal);
    },
    options,
  );
  expect(meter.written).toContainEqual([METRICS.CRITICAL_UPSTREAM_ERROR, 1, expect.anything()]);
  return meter.written
    .filter(([name]) => name === METRICS.CRITICAL_WITHOUT_FALLBACK)
    .map(([, , dimensions]) => dimensions.source);
};

it("wakes nobody for a refusal of the account while another source serves the same shops", async () => {
  expect(await unserved([keepa])).toEqual([]);
  expect(await unserved([keepa], { "keepa#me": { blockedReason: "rate" } })).toEqual([]);
});

it.each([
  ["there is none", [], {}],
  ["it has no credentials", [{ descriptor: keepa.descriptor, unavailable: "not_configured" }], {}],
  ["it refuses the account too", [keepa], { "keepa#me": { blockedReason: "paused" } }],
  ["its day is used up", [keepa], { "keepa#me": { blockedReason: "daily-quota" } }],
  ["its breaker is open", [keepa], { "keepa#me": { blockedReason: "circuit-open" } }],
  ["nobody knows how it is", [keepa], { "keepa#me": new Error("the table is away") }],
  ["it serves other shops", [fakeSource({ id: "keepa", marketplaces: ["www.amazon.co.jp"] })], {}],
  ["it invents its products", [fakeSource({ id: "sample-data" })], {}],
] as [string, ChainSource[], Record<string, Partial<LimitState> | Error>][])(
  "counts a refusal that no other source makes up for: %s",
  async (_, others, states) => {
    expect(await unserved(others, states)).toEqual(["creators-api"]);
  },
);

it("counts none for a trial of one source, such as doctor's", async () => {
  expect(await unserved([], {}, { isTrial: true })).toEqual([]);
});
