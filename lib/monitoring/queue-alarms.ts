import { Duration } from "aws-cdk-lib";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { StageConfig } from "../config/load-settings.ts";
import { type AlarmRegistry, runbookSection } from "./alarm-registry.ts";
import { addDeadLetterAlarm } from "./dead-letters/dead-letter-alarm.ts";

/** What users notice when a queue does not drain: one sentence for each of its alarms. */
export interface QueueImpacts {
  readonly deadLetters: string;
  readonly oldestMessage: string;
  readonly depth: string;
}

const BATCH_QUEUE_IMPACTS: QueueImpacts = {
  deadLetters: "Messages were given up: the products they name wait until reconcile or a person sends them again.",
  oldestMessage: "Runs stand still although upstream capacity was planned for them; their users see no progress.",
  depth: "More work is queued than can be served within seconds, so users no longer share the capacity fairly.",
};

export interface QueueAlarmsProps {
  readonly config: Pick<StageConfig, "stage">;
  /** Component part of the alarm ids, such as `EnrichQueue`. */
  readonly component: string;
  readonly queue: IQueue;
  readonly deadLetterQueue: IQueue;
  /** Seconds. */
  readonly oldestMessageSeconds: number;
  /** Messages. */
  readonly depth: number;
  /** @default those of a queue of batch messages */
  readonly impacts?: QueueImpacts;
}

/** Registers what every queue is monitored for: a DLQ that is not empty, old messages, too many messages. */
export const addQueueAlarms = (alarms: AlarmRegistry, props: QueueAlarmsProps): void => {
  const { config, component, queue, deadLetterQueue, impacts = BATCH_QUEUE_IMPACTS } = props;
  addDeadLetterAlarm(alarms, {
    ...{ config, component, queue: deadLetterQueue, source: queue },
    impact: impacts.deadLetters,
  });
  alarms.add({
    id: `${component}/OldestMessage`,
    severity: "notice",
    metric: queue.metricApproximateAgeOfOldestMessage({ statistic: "Maximum", period: Duration.minutes(5) }),
    threshold: props.oldestMessageSeconds,
    // A continuation may lie delayed for up to 15 minutes by design; twice in a row is a stall.
    periods: 2,
    impact: impacts.oldestMessage,
    runbook: runbookSection(`${component}/OldestMessage`),
  });
  alarms.add({
    id: `${component}/Depth`,
    severity: "notice",
    metric: queue.metricApproximateNumberOfMessagesVisible({ statistic: "Maximum", period: Duration.minutes(5) }),
    threshold: props.depth,
    impact: impacts.depth,
    runbook: runbookSection(`${component}/Depth`),
  });
};
