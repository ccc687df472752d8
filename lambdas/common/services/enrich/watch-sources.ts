import { DIMENSIONS, METRICS, ofSource } from "../../core/metric-names.ts";
import type { Meter } from "../../platform/metrics.ts";
import type { CallRecord } from "../../sources/chain/chain-deps.ts";
import type { ChainSource } from "../../sources/chain/chain-source.ts";
import { countCalls, type UsageCounters } from "./count-usage.ts";
import { type GaugeDeps, gaugeSources } from "./gauge-sources.ts";

/** What work that asks sources reports on its way. */
export interface SourceWatch {
  /** Counts an upstream call as soon as it has ended. */
  readonly countCall: (call: CallRecord) => void;
  /** The calls so far. */
  readonly calls: readonly CallRecord[];
  /** Counts the calls for analytics that were not yet; work of many calls does so on its way. */
  readonly record: () => Promise<void>;
  /** Names the sources that the work may ask from now on. */
  readonly sees: (sources: readonly ChainSource[]) => void;
}

/** What watching works with. */
export interface WatchDeps extends GaugeDeps, Pick<UsageCounters, "counters"> {
  readonly meter: Pick<Meter, "count" | "gauge" | "flush">;
}

/**
 * Does work that asks sources, and afterwards counts its calls for analytics, gauges the sources and writes the metrics out, also
 * where the work fails: the alarms on sources depend on every function that calls them, most of all when something is wrong.
 * @throws what the work throws
 */
export const watchSources = async <Result>(
  deps: WatchDeps,
  work: (watch: SourceWatch) => Promise<Result>,
): Promise<Result> => {
  const calls: CallRecord[] = [];
  let recorded = 0;
  let seen: readonly ChainSource[] = [];
  const record = async (): Promise<void> => {
    const open = calls.slice(recorded);
    recorded = calls.length;
    await countCalls(deps, open);
  };
  const countCall = (call: CallRecord): void => {
    calls.push(call);
    const dimensions = ofSource(call.source);
    deps.meter.count(METRICS.UPSTREAM_CALLS, 1, { ...dimensions, [DIMENSIONS.OUTCOME]: call.outcome });
    if (call.outcome === "critical") deps.meter.count(METRICS.CRITICAL_UPSTREAM_ERROR, 1, dimensions);
  };
  const sees: SourceWatch["sees"] = (sources) => {
    seen = sources;
  };
  try {
    return await work({ countCall, calls, record, sees });
  } finally {
    await Promise.all([record(), gaugeSources(deps, seen)]);
    deps.meter.flush();
  }
};
