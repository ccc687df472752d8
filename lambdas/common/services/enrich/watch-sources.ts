import { DIMENSIONS, METRICS, ofSource } from "../../core/metric-names.ts";
import type { Meter } from "../../platform/metrics.ts";
import type { CallRecord } from "../../sources/chain/chain-deps.ts";
import type { ChainSource } from "../../sources/chain/chain-source.ts";
import { countCalls, type UsageCounters } from "./count-usage.ts";
import { type GaugeDeps, gaugeSources } from "./gauge-sources.ts";
import { hasFallback } from "./has-fallback.ts";

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

/** What the work is for. */
export interface WatchOptions {
  /** Whether it only tries one source, so that nothing waits for it and no other source could take over. @default false */
  readonly isTrial?: boolean;
}

/**
 * Does work that asks sources, and afterwards counts its calls for analytics, gauges the sources and writes the metrics out, also
 * where the work fails: the alarms on sources depend on every function that calls them, most of all when something is wrong.
 * A refusal of the account that no other source can make up for is counted apart, because it wakes somebody.
 * @throws what the work throws
 */
export const watchSources = async <Result>(
  deps: WatchDeps,
  work: (watch: SourceWatch) => Promise<Result>,
  { isTrial = false }: WatchOptions = {},
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
    const [serving] = await Promise.all([gaugeSources(deps, seen), record()]);
    for (const { source, outcome } of isTrial ? [] : calls) {
      if (outcome === "critical" && !hasFallback(source, seen, serving)) {
        const dimensions = ofSource(source);
        deps.meter.count(METRICS.CRITICAL_WITHOUT_FALLBACK, 1, dimensions);
      }
    }
    deps.meter.flush();
  }
};
