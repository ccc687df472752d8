import { Duration } from "aws-cdk-lib";
import { MathExpression } from "aws-cdk-lib/aws-cloudwatch";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { type AlarmRegistry, runbookSection } from "./alarm-registry.ts";

export interface FunctionAlarmsProps {
  /** Component part of the alarm ids, such as `EnrichBatch`. */
  readonly component: string;
  readonly fn: IFunction;
  readonly timeoutSeconds: number;
  /** Failed invocations, percent. */
  readonly errorPercent: number;
  /** Throttled invocations in 5 minutes. */
  readonly throttles: number;
  /** Part of the timeout, percent. */
  readonly durationPercent: number;
  /** What stops when this function stops: one sentence. */
  readonly impact: string;
}

/** No run should take longer, whatever its timeout. */
const MAX_RUN_MS = 10 * 60 * 1000;

/** Registers what every function is monitored for: errors, throttles, runs near the timeout. */
export const addFunctionAlarms = (alarms: AlarmRegistry, props: FunctionAlarmsProps): void => {
  const { component, fn, impact } = props;
  const period = Duration.minutes(5);
  alarms.add({
    id: `${component}/Errors`,
    severity: "notice",
    metric: new MathExpression({
      expression: "IF(invocations > 0, 100 * errors / invocations, 0)",
      label: `${component} failed invocations, percent`,
      usingMetrics: { errors: fn.metricErrors({ period }), invocations: fn.metricInvocations({ period }) },
      period,
    }),
    threshold: props.errorPercent,
    impact,
    runbook: runbookSection(`${component}/Errors`),
  });
  alarms.add({
    id: `${component}/Throttles`,
    severity: "notice",
    metric: fn.metricThrottles({ period }),
    threshold: props.throttles,
    impact,
    runbook: runbookSection(`${component}/Throttles`),
  });
  alarms.add({
    id: `${component}/Duration`,
    severity: "notice",
    metric: fn.metricDuration({ statistic: "Maximum", period }),
    threshold: Math.min(MAX_RUN_MS, props.timeoutSeconds * 10 * props.durationPercent),
    impact,
    runbook: runbookSection(`${component}/Duration`),
  });
};
