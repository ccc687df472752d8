import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { METRIC_NAMESPACE, type MetricName } from "../core/metric-names.ts";

/** Counts what the alarms and the dashboard watch; each count may carry a few dimensions. */
export interface Meter {
  /** Adds `value` to a counter. */
  count(name: MetricName, value: number, dimensions?: Readonly<Record<string, string>>): void;
  /** Records a duration in milliseconds. */
  duration(name: MetricName, milliseconds: number, dimensions?: Readonly<Record<string, string>>): void;
  /** Records a gauge between 0 and 1, or any plain number. */
  gauge(name: MetricName, value: number, dimensions?: Readonly<Record<string, string>>): void;
  /** Writes out what was counted; call once at the end of an invocation. */
  flush(): void;
}

/** The meter that CloudWatch reads from the log (embedded metric format). */
export const createMeter = (): Meter => {
  const shared = new Metrics({ namespace: METRIC_NAMESPACE });
  const add = (
    name: MetricName,
    unit: (typeof MetricUnit)[keyof typeof MetricUnit],
    value: number,
    dimensions?: Readonly<Record<string, string>>,
  ) => {
    if (!dimensions) {
      shared.addMetric(name, unit, value);
      return;
    }
    const single = shared.singleMetric();
    single.addDimensions(dimensions);
    single.addMetric(name, unit, value);
  };
  return {
    count: (name, value, dimensions) => add(name, MetricUnit.Count, value, dimensions),
    duration: (name, milliseconds, dimensions) => add(name, MetricUnit.Milliseconds, milliseconds, dimensions),
    gauge: (name, value, dimensions) => add(name, MetricUnit.NoUnit, value, dimensions),
    flush: () => shared.publishStoredMetrics(),
  };
};
