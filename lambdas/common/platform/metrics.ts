import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { DIMENSIONS, METRIC_NAMESPACE, type MetricName } from "../core/metric-names.ts";

type Dimensions = Readonly<Record<string, string>>;

/** Counts what the alarms and the dashboard watch; each count may carry a few dimensions. */
export interface Meter {
  /** Adds `value` to a counter. */
  count(name: MetricName, value: number, dimensions?: Dimensions): void;
  /** Records a duration in milliseconds. */
  duration(name: MetricName, milliseconds: number, dimensions?: Dimensions): void;
  /** Records a gauge between 0 and 1, or any plain number. @param atMs when it was so, at most two weeks ago. @default now */
  gauge(name: MetricName, value: number, dimensions?: Dimensions, atMs?: number): void;
  /** Writes out what was counted; call once at the end of an invocation. */
  flush(): void;
}

/**
 * The meter that CloudWatch reads from the log (embedded metric format). Every metric carries the dimensions `service` and
 * `stage`, so that two stages of one account are distinguished. What has the same dimensions and time is written in one line.
 */
export const createMeter = (stage: string): Meter => {
  const byDimensions = new Map<string, Metrics>();
  const metricsWith = (dimensions: Dimensions, atMs?: number): Metrics => {
    const key = JSON.stringify([atMs ?? null, ...Object.entries(dimensions).sort()]);
    const known = byDimensions.get(key);
    if (known) return known;
    const metrics = new Metrics({
      namespace: METRIC_NAMESPACE,
      defaultDimensions: { [DIMENSIONS.STAGE]: stage, ...dimensions },
    });
    if (atMs !== undefined) metrics.setTimestamp(atMs);
    byDimensions.set(key, metrics);
    return metrics;
  };
  type Unit = (typeof MetricUnit)[keyof typeof MetricUnit];
  const add = (name: MetricName, unit: Unit, value: number, dimensions: Dimensions = {}) =>
    void metricsWith(dimensions).addMetric(name, unit, value);
  return {
    count: (name, value, dimensions) => add(name, MetricUnit.Count, value, dimensions),
    duration: (name, milliseconds, dimensions) => add(name, MetricUnit.Milliseconds, milliseconds, dimensions),
    gauge: (name, value, dimensions = {}, atMs) =>
      void metricsWith(dimensions, atMs).addMetric(name, MetricUnit.NoUnit, value),
    flush: () => {
      // Many values of one metric are written before: then nothing is left of it.
      for (const metrics of byDimensions.values()) if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
      byDimensions.clear();
    },
  };
};
