import { Duration } from "aws-cdk-lib";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { type AlarmRegistry, runbookSection, type Severity } from "./alarm-registry.ts";

/** How often calls are counted, and how many may fall out in a row before somebody is woken. */
const RATES = {
  minute: { period: Duration.minutes(1), mostMissed: 5 },
  hour: { period: Duration.hours(1), mostMissed: 2 },
} as const;

export interface ScheduleAlarmProps {
  readonly every: keyof typeof RATES;
  /** Component part of the alarm's id, such as `Reconcile`. */
  readonly component: string;
  readonly fn: IFunction;
  /** What stops when the calls stop: one sentence. */
  readonly impact: string;
  /** @default "page" */
  readonly severity?: Severity;
}

/** Registers what a function that is called by a schedule is monitored for: that it is called. */
export const addScheduleAlarm = (
  alarms: AlarmRegistry,
  { every, component, fn, impact, severity = "page" }: ScheduleAlarmProps,
): void => {
  const id = `${component}/NotRunning`;
  const { period, mostMissed } = RATES[every];
  alarms.add({
    id,
    severity,
    metric: fn.metricInvocations({ period }),
    threshold: 1,
    rings: "below",
    // Lambda counts nothing where there is no call.
    missingData: "rings",
    periods: mostMissed,
    impact,
    runbook: runbookSection(id),
  });
};
