import { Duration } from "aws-cdk-lib";
import { Archive, EventBus, type EventPattern, Rule } from "aws-cdk-lib/aws-events";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { StageConfig } from "../../config/load-settings.ts";
import type { AlarmRegistry } from "../../monitoring/alarm-registry.ts";
import { DeadLetters } from "../queues/dead-letters.ts";
import type { EnvSchemaLike } from "../service-environment.ts";
import type { ServiceFunction } from "../service-function.ts";
import { addEventAlarms } from "./event-alarms.ts";

/** So long an event can be delivered again by a replay. */
const ARCHIVE_DAYS = 7;

export interface StageBusProps {
  readonly config: StageConfig;
  readonly alarms: AlarmRegistry;
}

/**
 * The event bus of a stage, the archive of what went over it, and the queue of what no target of our rules took.
 *
 * @example
 * const bus = new StageBus(this, "Bus", { config, alarms });
 */
export class StageBus extends Construct {
  /** Events that EventBridge could not deliver to a target of ours. */
  readonly undelivered: IQueue;
  readonly #bus: EventBus;

  constructor(scope: Construct, id: string, { config, alarms }: StageBusProps) {
    super(scope, id);
    this.#bus = new EventBus(this, "Bus", { description: `Events of Enrichline ${config.stage}` });
    const { queue } = new DeadLetters(this, "UndeliveredEvents", {
      ...{ config, alarms },
      impact:
        "Requests for products or reactions to events were not delivered: nobody works on them until they are sent again.",
    });
    this.undelivered = queue;
    // The emulator's CloudFormation knows no archives; the launcher makes one by the API.
    if (!config.disposable) {
      new Archive(this, "Archive", {
        sourceEventBus: this.#bus,
        eventPattern: { account: [this.#bus.env.account] },
        retention: Duration.days(ARCHIVE_DAYS),
        description: `Events of Enrichline ${config.stage}, for replays`,
      });
    }
    addEventAlarms(alarms, config);
  }

  get name(): string {
    return this.#bus.eventBusName;
  }

  get arn(): string {
    return this.#bus.eventBusArn;
  }

  /** Lets a function put events on the bus. */
  grantPut<Schema extends EnvSchemaLike>(target: ServiceFunction<Schema>): void {
    target.allow(["events:PutEvents"], this.#bus.eventBusArn);
  }

  /** Keeps the events with which a function fails that a rule invokes, after `retries` more tries. */
  keepFailed<Schema extends EnvSchemaLike>(target: ServiceFunction<Schema>, retries: number): void {
    target.allow(["sqs:SendMessage"], this.undelivered.queueArn);
    target.fn.configureAsyncInvoke({
      retryAttempts: retries,
      maxEventAge: Duration.hours(6),
      // The right to send is granted above; CDK's own destination would grant it once more.
      onFailure: { bind: () => ({ destination: this.undelivered.queueArn }) },
    });
  }

  /** A rule without targets yet. Every target gets `undelivered` as its dead-letter queue. */
  rule(scope: Construct, id: string, description: string, eventPattern: EventPattern): Rule {
    return new Rule(scope, id, { eventBus: this.#bus, description, eventPattern });
  }
}
