import { Duration } from "aws-cdk-lib";
import { MathExpression, Metric } from "aws-cdk-lib/aws-cloudwatch";
import { DIMENSIONS, METRIC_NAMESPACE, METRICS } from "../../lambdas/core/metric-names.ts";
import type { SourceSettings } from "../../lambdas/core/source-settings.ts";
import { type AlarmRegistry, runbookSection } from "./alarm-registry.ts";

const PERIOD = Duration.minutes(5);

/** Registers what the main line counts about itself: work that stood still, and sources that refuse the account. */
export const addMainLineAlarms = (alarms: AlarmRegistry, sources: readonly Pick<SourceSettings, "id">[]): void => {
  alarms.add({
    id: "MainLine/StuckWork",
    severity: "page",
    metric: new Metric({
      namespace: METRIC_NAMESPACE,
      metricName: METRICS.STUCK_WORK,
      dimensionsMap: { service: "reconcile" },
      statistic: "Sum",
      period: PERIOD,
    }),
    threshold: 1,
    impact: "Batches made no progress although they were sent again; their products are about to be given up.",
    runbook: runbookSection("MainLine/StuckWork"),
  });
  const errors = Object.fromEntries(
    sources.map(({ id }, index) => [
      `m${index}`,
      new Metric({
        namespace: METRIC_NAMESPACE,
        metricName: METRICS.CRITICAL_UPSTREAM_ERROR,
        dimensionsMap: { service: "enrich-batch", [DIMENSIONS.SOURCE]: id },
        statistic: "Sum",
        period: PERIOD,
      }),
    ]),
  );
  alarms.add({
    id: "MainLine/CriticalUpstreamError",
    severity: "page",
    metric: new MathExpression({
      expression: Object.keys(errors)
        .map((name) => `FILL(${name}, 0)`)
        .join(" + "),
      label: "Answers that refuse the account",
      usingMetrics: errors,
      period: PERIOD,
    }),
    threshold: 1,
    impact: "A source refuses the account and is paused: runs wait for it, or go on with later sources only.",
    runbook: runbookSection("MainLine/CriticalUpstreamError"),
  });
};
