import { Duration } from "aws-cdk-lib";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { type AlarmRegistry, runbookSection, type Severity } from "./alarm-registry.ts";

/** Calls that may fall out in a row before somebody is woken. */
const MAX_MISSED_MINUTES = 5;

export interface ScheduleAlarmProps {
  /** Component part of the alarm's id, such as `Reconcile`. */
  readonly component: string;
  readonly fn: IFunction;
  /** What stops when the calls stop: one sentence. */
  readonly impact: string;
  readonly severity: Severity;
}

/** Registers what a function that is called every minute is monitored for: that it is called. */
export const addScheduleAlarm = (
  alarms: AlarmRegistry,
  { component, fn, impact, severity }: ScheduleAlarmProps,
): void => {
  const id = `${component}/NotRunning`;
  alarms.add({
    id,
    severity,
    metric: fn.metricInvocations({ period: Duration.minutes(1) }),
    threshold: 1,
    rings: "below",
    // Lambda counts nothing in a minute without a call.
    missingData: "rings",
    periods: MAX_MISSED_MINUTES,
    impact,
    runbook: runbookSection(id),
  });
};
