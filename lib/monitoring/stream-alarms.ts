import { Duration } from "aws-cdk-lib";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { type AlarmRegistry, runbookSection } from "./alarm-registry.ts";

/** What users notice when a stream is not read: one sentence for each of its alarms. */
export interface StreamImpacts {
  readonly givenUp: string;
  /** Absent where the function reads another stream too: its alarm then speaks of both. */
  readonly late?: string;
}

export interface StreamAlarmsProps {
  /** Component part of the alarm ids, such as `ProductsStream`. */
  readonly component: string;
  /** Who reads the stream. */
  readonly fn: IFunction;
  /** Where the places of records lie that were given up. */
  readonly givenUp: IQueue;
  readonly impacts: StreamImpacts;
}

/** So old may the oldest record be: retries of a passing fault take minutes, and after six hours records are given up. */
const LATE_MS = 30 * 60_000;

/** Registers what every stream is monitored for: records that were given up, and records that nobody reads. */
export const addStreamAlarms = (
  alarms: AlarmRegistry,
  { component, fn, givenUp, impacts }: StreamAlarmsProps,
): void => {
  alarms.add({
    id: `${component}/DlqNotEmpty`,
    severity: "page",
    metric: givenUp.metricApproximateNumberOfMessagesVisible({ statistic: "Maximum", period: Duration.minutes(1) }),
    threshold: 1,
    impact: impacts.givenUp,
    runbook: runbookSection(`${component}/DlqNotEmpty`),
  });
  if (impacts.late === undefined) return;
  alarms.add({
    id: `${component}/IteratorAge`,
    severity: "notice",
    metric: fn.metric("IteratorAge", { statistic: "Maximum", period: Duration.minutes(5) }),
    threshold: LATE_MS,
    periods: 2,
    impact: impacts.late,
    runbook: runbookSection(`${component}/IteratorAge`),
  });
};
