import { Duration } from "aws-cdk-lib";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { type AlarmRegistry, runbookSection } from "./alarm-registry.ts";

/** Calls that may fall out in a row before somebody is notified. */
const MAX_MISSED = { minute: 5, hour: 2 } as const;

export interface ScheduleAlarmProps {
  /** Component part of the alarm's id, such as `Reconcile`. */
  readonly component: string;
  readonly fn: IFunction;
  /** What stops when the calls stop: one sentence. */
  readonly impact: string;
  /** How often it is called. An hourly one that stops wakes nobody. */
  readonly every: "minute" | "hour";
}

/** Registers what a function that is called by the clock is monitored for: that it is called. */
export const addScheduleAlarm = (alarms: AlarmRegistry, { component, fn, impact, every }: ScheduleAlarmProps): void => {
  const id = `${component}/NotRunning`;
  alarms.add({
    id,
    severity: every === "minute" ? "page" : "notice",
    metric: fn.metricInvocations({ period: every === "minute" ? Duration.minutes(1) : Duration.hours(1) }),
    threshold: 1,
    rings: "below",
    // Lambda counts nothing in a period without a call.
    missingData: "rings",
    periods: MAX_MISSED[every],
    impact,
    runbook: runbookSection(id),
  });
};
