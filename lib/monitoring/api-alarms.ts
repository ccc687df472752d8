import { Duration } from "aws-cdk-lib";
import type { HttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import { type AlarmRegistry, runbookSection } from "./alarm-registry.ts";

export interface ApiAlarmsProps {
  readonly api: HttpApi;
  /** 5xx answers in 5 minutes. */
  readonly serverErrors: number;
  /** Milliseconds. */
  readonly latencyP99Ms: number;
}

/** Registers what the HTTP API is monitored for: its own faults and slow answers. */
export const addApiAlarms = (alarms: AlarmRegistry, props: ApiAlarmsProps): void => {
  const period = Duration.minutes(5);
  alarms.add({
    id: "Api/ServerErrors",
    severity: "page",
    metric: props.api.metricServerError({ statistic: "Sum", period }),
    threshold: props.serverErrors,
    impact: "Users cannot upload catalogs or see their progress.",
    runbook: runbookSection("Api/ServerErrors"),
  });
  alarms.add({
    id: "Api/LatencyP99",
    severity: "notice",
    metric: props.api.metricLatency({ statistic: "p99", period }),
    threshold: props.latencyP99Ms,
    periods: 3,
    impact: "One call in a hundred is slow enough for users to give up on it.",
    runbook: runbookSection("Api/LatencyP99"),
  });
};
