import { Duration } from "aws-cdk-lib";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { StageConfig } from "../config/load-settings.ts";
import { type AlarmRegistry, runbookSection } from "./alarm-registry.ts";
import { addDeadLetterAlarm } from "./dead-letters/dead-letter-alarm.ts";

/** What users notice when a stream is not read: one sentence for each of its alarms. */
export interface StreamImpacts {
  readonly givenUp: string;
  /** Absent where the function reads another stream too: its alarm then speaks of both. */
  readonly late?: string;
}

export interface StreamAlarmsProps {
  readonly config: Pick<StageConfig, "stage">;
  /** Component part of the alarm ids, such as `ProductsStream`. */
  readonly component: string;
  /** Who reads the stream. */
  readonly fn: IFunction;
  /** Where the places of records lie that were given up. */
  readonly givenUp: IQueue;
  readonly impacts: StreamImpacts;
}

export interface IteratorAgeAlarmProps {
  /** Component part of the alarm's id. */
  readonly component: string;
  /** The only reader of the stream that it has. */
  readonly fn: IFunction;
  /** So old may the oldest record be. */
  readonly lateMs: number;
  /** Periods of five minutes in a row. @default 1 */
  readonly periods?: number;
  /** Who is affected when records are late: one sentence. */
  readonly impact: string;
}

/** So old may the oldest record be: most faults pass within minutes, and after six hours records are given up. */
const LATE_MS = 30 * 60_000;

/** Registers what every stream is monitored for: records that were given up, and records that nobody reads. */
export const addStreamAlarms = (
  alarms: AlarmRegistry,
  { config, component, fn, givenUp, impacts }: StreamAlarmsProps,
): void => {
  addDeadLetterAlarm(alarms, { config, component, queue: givenUp, impact: impacts.givenUp });
  if (impacts.late === undefined) return;
  addIteratorAgeAlarm(alarms, { component, fn, lateMs: LATE_MS, periods: 2, impact: impacts.late });
};

/** Registers the alarm on records that lie unread in a stream. */
export const addIteratorAgeAlarm = (
  alarms: AlarmRegistry,
  { component, fn, lateMs, periods = 1, impact }: IteratorAgeAlarmProps,
): void => {
  alarms.add({
    id: `${component}/IteratorAge`,
    severity: "notice",
    metric: fn.metric("IteratorAge", { statistic: "Maximum", period: Duration.minutes(5) }),
    threshold: lateMs,
    periods,
    impact,
    runbook: runbookSection(`${component}/IteratorAge`),
  });
};
