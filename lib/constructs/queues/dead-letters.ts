import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { StageConfig } from "../../config/load-settings.ts";
import type { AlarmRegistry } from "../../monitoring/alarm-registry.ts";
import { addDeadLetterAlarm } from "../../monitoring/dead-letters/dead-letter-alarm.ts";
import { deadLetterQueue } from "./dead-letter-queue.ts";

export interface DeadLettersProps {
  readonly config: StageConfig;
  readonly alarms: AlarmRegistry;
  /** Who is affected when something lies there: one sentence. */
  readonly impact: string;
}

/**
 * The queue of what the source of an event gave up, encrypted, with the alarm `<Id>/DlqNotEmpty`.
 *
 * @example
 * new DeadLetters(this, "Broadcasts", { config, alarms, impact: "Changes were not pushed." });
 */
export class DeadLetters extends Construct {
  readonly queue: Queue;

  constructor(scope: Construct, id: string, { config, alarms, impact }: DeadLettersProps) {
    super(scope, id);
    this.queue = deadLetterQueue(this, "DeadLetters", config);
    addDeadLetterAlarm(alarms, { config, component: id, queue: this.queue, impact });
  }
}
