import { Duration } from "aws-cdk-lib";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { METRICS } from "../../lambdas/common/core/metric-names.ts";
import type { StageConfig } from "../config/load-settings.ts";
import { type AlarmRegistry, runbookSection, type Severity } from "./alarm-registry.ts";
import { ownMetric } from "./own-metrics.ts";

/** How often calls are counted, and how many may fall out in a row before somebody is woken. */
const RATES = {
  minute: { period: Duration.minutes(1), mostMissed: 5 },
  hour: { period: Duration.hours(1), mostMissed: 2 },
} as const;

/** Who counts the calls of its schedule itself. */
export interface CountsItsCalls {
  readonly config: Pick<StageConfig, "stage">;
  /** Room of the function. */
  readonly service: string;
}

export interface ScheduleAlarmProps {
  readonly every: keyof typeof RATES;
  /** Component part of the alarm's id, such as `Reconcile`. */
  readonly component: string;
  readonly fn: IFunction;
  /** What stops when the calls stop: one sentence. */
  readonly impact: string;
  /** Needed where others call the function too. @default every call of it is one of its schedule */
  readonly counted?: CountsItsCalls;
  /** @default "page" */
  readonly severity?: Severity;
}

/** Registers what a function that is called by a schedule is monitored for: that it is called. */
export const addScheduleAlarm = (
  alarms: AlarmRegistry,
  { every, component, fn, impact, counted, severity = "page" }: ScheduleAlarmProps,
): void => {
  const id = `${component}/NotRunning`;
  const { period, mostMissed } = RATES[every];
  alarms.add({
    id,
    severity,
    metric: counted ? ownMetric(METRICS.SCHEDULED_CALLS, counted).with({ period }) : fn.metricInvocations({ period }),
    threshold: 1,
    rings: "below",
    // Nothing is counted where there is no call.
    missingData: "rings",
    periods: mostMissed,
    impact,
    runbook: runbookSection(id),
  });
};
