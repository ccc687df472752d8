import { Duration } from "aws-cdk-lib";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { type AlarmRegistry, runbookSection, type Severity } from "./alarm-registry.ts";

export interface DeadLetterAlarmProps {
  /** Component part of the alarm's id, such as `EnrichQueue`. */
  readonly component: string;
  /** Where what was given up lies. */
  readonly queue: IQueue;
  /** Who is affected when something lies there: one sentence. */
  readonly impact: string;
  /** @default "page" */
  readonly severity?: Severity;
}

/** How soon somebody learns of it. */
const PERIODS: Readonly<Record<Severity, Duration>> = { page: Duration.minutes(1), notice: Duration.minutes(5) };

/** Registers what every queue of given-up messages, records or events is monitored for: that nothing lies there. */
export const addDeadLetterAlarm = (
  alarms: AlarmRegistry,
  { component, queue, impact, severity = "page" }: DeadLetterAlarmProps,
): void => {
  const id = `${component}/DlqNotEmpty`;
  alarms.add({
    id,
    severity,
    // The gauge, not NumberOfMessagesSent: that one does not count messages moved by a redrive policy.
    metric: queue.metricApproximateNumberOfMessagesVisible({ statistic: "Maximum", period: PERIODS[severity] }),
    threshold: 1,
    impact,
    runbook: runbookSection(id),
  });
};
