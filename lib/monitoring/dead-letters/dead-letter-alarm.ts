import { Duration } from "aws-cdk-lib";
import { MathExpression } from "aws-cdk-lib/aws-cloudwatch";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { letterQueueOf } from "../../../lambdas/common/core/dead-letters/letter-queues.ts";
import { DIMENSIONS, METRICS } from "../../../lambdas/common/core/metric-names.ts";
import type { StageConfig } from "../../config/load-settings.ts";
import { type AlarmRegistry, runbookSection, type Severity } from "../alarm-registry.ts";
import { ownMetric } from "../own-metrics.ts";

export interface DeadLetterAlarmProps {
  readonly config: Pick<StageConfig, "stage">;
  /** Component part of the alarm's id, such as `EnrichQueue`. */
  readonly component: string;
  /** Where what was given up lies. */
  readonly queue: IQueue;
  /** The queue that it comes from, and goes back to. @default none of ours */
  readonly source?: IQueue;
  /** Who is affected when something lies there: one sentence. */
  readonly impact: string;
  /** @default "page" */
  readonly severity?: Severity;
}

/** How soon somebody learns of it. */
const PERIODS: Readonly<Record<Severity, Duration>> = { page: Duration.minutes(1), notice: Duration.minutes(5) };

/**
 * Registers what every queue of given-up messages, records or events is monitored for: that nothing lies there, and that nothing that was
 * taken out of it waits for a person.
 */
export const addDeadLetterAlarm = (
  alarms: AlarmRegistry,
  { config, component, queue, source, impact, severity = "page" }: DeadLetterAlarmProps,
): void => {
  const id = `${component}/DlqNotEmpty`;
  const name = letterQueueOf(component);
  const period = PERIODS[severity];
  alarms.deadLetters.add({ name, queue, ...(source ? { source } : {}) });
  alarms.add({
    id,
    severity,
    metric: new MathExpression({
      // A message is in one of the two places. While nobody takes them out, the queue's own gauge rings.
      expression: "FILL(messages, 0) + FILL(letters, 0)",
      label: "Dead letters",
      usingMetrics: {
        // The gauge, not NumberOfMessagesSent: that one does not count messages moved by a redrive policy.
        messages: queue.metricApproximateNumberOfMessagesVisible({ statistic: "Maximum", period }),
        letters: ownMetric(METRICS.OPEN_DEAD_LETTERS, {
          ...{ config, service: "handle-dead-letters", statistic: "Maximum" },
          dimensions: { [DIMENSIONS.QUEUE]: name },
        }).with({ period }),
      },
      period,
    }),
    threshold: 1,
    impact,
    runbook: runbookSection(id),
  });
};
