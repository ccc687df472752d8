import type { SourceId } from "../../source-ids.ts";

/** One upstream call, for the hourly counters. */
export interface CountedCall {
  /** `success` also when single products failed; `throttled` counts as a failure too. */
  readonly outcome: "success" | "throttled" | "failed";
  /** The source's own code of a throttle or failure. */
  readonly code?: string;
  readonly latencyMs: number;
  /** Codes of single ids that failed inside an answered call, with how often. @default none */
  readonly itemFailures?: Readonly<Record<string, number>>;
}

/** The calls of one source in a period of time, counted. */
export interface SourceUsage {
  readonly source: SourceId;
  readonly requests: number;
  readonly successes: number;
  readonly throttled: number;
  /** Calls that failed as a whole, and single ids that failed inside answered calls, by code. */
  readonly failuresByCode: Readonly<Record<string, number>>;
  readonly latencyMsTotal: number;
  /** Calls by upper bound of latency in `LATENCY_BOUNDS_MS`; the last place counts calls above all bounds. */
  readonly latencyHistogram: readonly number[];
}

/** Upper bounds of the latency histogram, in milliseconds; a call ends at 30 s. */
export const LATENCY_BOUNDS_MS = [50, 100, 200, 300, 500, 750, 1_000, 1_500, 2_000, 3_000, 5_000, 10_000, 30_000];

/** Place in the histogram for a latency. */
export const latencyPlace = (latencyMs: number): number => {
  const place = LATENCY_BOUNDS_MS.findIndex((bound) => latencyMs <= bound);
  return place === -1 ? LATENCY_BOUNDS_MS.length : place;
};

/**
 * The latency that a share of the calls did not exceed, in milliseconds, as the upper bound of its histogram place
 * (so never too low, except above 30 s). Null without calls.
 * @param share 0 to 1, such as 0.95.
 */
export const latencyPercentile = (histogram: readonly number[], share: number): number | null => {
  const calls = histogram.reduce((sum, count) => sum + count, 0);
  if (calls === 0) return null;
  let seen = 0;
  const place = histogram.findIndex((count) => {
    seen += count;
    return seen >= calls * share;
  });
  return LATENCY_BOUNDS_MS[place] ?? LATENCY_BOUNDS_MS.at(-1) ?? null;
};

/** Usage of a source without calls. */
export const noUsage = (source: SourceId): SourceUsage => ({
  source,
  requests: 0,
  successes: 0,
  throttled: 0,
  failuresByCode: {},
  latencyMsTotal: 0,
  latencyHistogram: new Array<number>(LATENCY_BOUNDS_MS.length + 1).fill(0),
});

/** Both usages together, under the source of the first. */
export const addUsage = (one: SourceUsage, other: SourceUsage): SourceUsage => {
  const failures = { ...one.failuresByCode };
  for (const [code, count] of Object.entries(other.failuresByCode)) failures[code] = (failures[code] ?? 0) + count;
  return {
    source: one.source,
    requests: one.requests + other.requests,
    successes: one.successes + other.successes,
    throttled: one.throttled + other.throttled,
    failuresByCode: failures,
    latencyMsTotal: one.latencyMsTotal + other.latencyMsTotal,
    latencyHistogram: one.latencyHistogram.map((count, place) => count + (other.latencyHistogram[place] ?? 0)),
  };
};

/** Usage of these calls. */
export const usageOf = (source: SourceId, calls: readonly CountedCall[]): SourceUsage => {
  const usage = noUsage(source);
  const histogram = [...usage.latencyHistogram];
  const failures: Record<string, number> = {};
  const fail = (code: string, times: number): void => {
    failures[code] = (failures[code] ?? 0) + times;
  };
  for (const call of calls) {
    const place = latencyPlace(call.latencyMs);
    histogram[place] = (histogram[place] ?? 0) + 1;
    if (call.outcome !== "success") fail(call.code ?? "unknown", 1);
    for (const [code, times] of Object.entries(call.itemFailures ?? {})) fail(code, times);
  }
  return {
    source,
    requests: calls.length,
    successes: calls.filter((call) => call.outcome === "success").length,
    throttled: calls.filter((call) => call.outcome === "throttled").length,
    failuresByCode: failures,
    latencyMsTotal: calls.reduce((sum, call) => sum + Math.round(call.latencyMs), 0),
    latencyHistogram: histogram,
  };
};
