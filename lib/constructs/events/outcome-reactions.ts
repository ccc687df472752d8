import { LambdaFunction, SqsQueue } from "aws-cdk-lib/aws-events-targets";
import { Alias } from "aws-cdk-lib/aws-kms";
import { Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import { Construct } from "constructs";
import { EVENT_NAMES, EVENT_SOURCE } from "../../../lambdas/common/core/contract/events/event-names.ts";
import { CRITICAL_FAILURES } from "../../../lambdas/common/core/sources/critical-failures.ts";
import { REACTION_WORKERS } from "../../config/capacity.ts";
import type { StageConfig } from "../../config/load-settings.ts";
import type { AlarmRegistry } from "../../monitoring/alarm-registry.ts";
import { REACT_TIMEOUT_SECONDS, ReactToOutcomesFunction } from "../functions/events/react-to-outcomes-function.ts";
import { BatchConsumer } from "../queues/batch-consumer.ts";
import { QueueWithDlq } from "../queues/queue-with-dlq.ts";
import { publishByRights } from "../rights/publish-by-rights.ts";
import type { StageBus } from "./stage-bus.ts";

export interface OutcomeReactionsProps {
  readonly config: StageConfig;
  readonly alarms: AlarmRegistry;
  readonly bus: StageBus;
}

/** Lambda tries so often again before it keeps the event on the queue of the undelivered. */
const RETRIES = 2;

/**
 * What happens by itself after a product ended: requests to other systems, where the stage has them, and alerts of critical
 * failures. Its rules name outcomes only, so nothing that it puts on the bus comes back to it.
 *
 * @example
 * new OutcomeReactions(this, "Reactions", { config, alarms, bus });
 */
export class OutcomeReactions extends Construct {
  readonly reactToOutcomes: ReactToOutcomesFunction;
  /** Gets one message of each critical failure, with ASIN and message. */
  readonly alerts: Topic;
  /** Where the stage asks other systems after each product. */
  readonly queue: QueueWithDlq | undefined;
  /** What the launcher and the CLI read. */
  readonly outputs: Readonly<Record<string, string>> = {};

  constructor(scope: Construct, id: string, { config, alarms, bus }: OutcomeReactionsProps) {
    super(scope, id);
    this.alerts = new Topic(this, "CriticalFailures", {
      masterKey: Alias.fromAliasName(this, "Key", "alias/aws/sns"),
      // The emulator speaks plain HTTP.
      enforceSSL: !config.disposable,
      displayName: `Enrichline ${config.stage} critical failures`,
    });
    publishByRights(this.alerts);
    if (config.alarm_email !== undefined) this.alerts.addSubscription(new EmailSubscription(config.alarm_email));
    this.queue = config.downstream_events ? this.#queue({ config, alarms, bus }) : undefined;
    this.reactToOutcomes = new ReactToOutcomesFunction(this, "ReactToOutcomes", {
      ...{ config, alarms, bus },
      ...{ alerts: this.alerts, queue: this.queue },
    });
    const { fn } = this.reactToOutcomes;
    bus.keepFailed(this.reactToOutcomes, RETRIES);
    const { queue } = this;
    if (queue) {
      new BatchConsumer(this, "ReactionsConsumer", {
        ...{ source: queue, target: this.reactToOutcomes },
        maxConcurrency: REACTION_WORKERS,
      });
      this.outputs = {
        QueueReactionsUrl: queue.queue.queueUrl,
        QueueReactionsDlqUrl: queue.deadLetterQueue.queueUrl,
      };
      bus
        .rule(this, "Ended", "A product ended", {
          source: [EVENT_SOURCE],
          detailType: [EVENT_NAMES.ENRICHED, EVENT_NAMES.FAILED],
        })
        .addTarget(new SqsQueue(queue.queue, { deadLetterQueue: bus.undelivered }));
      return;
    }
    bus
      .rule(this, "FailedCritically", "A product failed although nothing is wrong with it", {
        source: [EVENT_SOURCE],
        detailType: [EVENT_NAMES.FAILED],
        detail: { data: { error_code: [...CRITICAL_FAILURES] } },
      })
      .addTarget(new LambdaFunction(fn, { deadLetterQueue: bus.undelivered }));
  }

  /** Each product that ends leads to work: invoked by the bus itself, a large run would take the account's concurrency. */
  #queue({ config, alarms }: OutcomeReactionsProps): QueueWithDlq {
    return new QueueWithDlq(this, "ReactionsQueue", {
      ...{ config, alarms, consumerTimeoutSeconds: REACT_TIMEOUT_SECONDS },
      impacts: {
        deadLetters:
          "Other systems are not asked for what comes after an enrichment, or a critical failure alerted nobody.",
        oldestMessage: "Other systems are asked late for what comes after an enrichment, and alerts come late.",
        depth: "More products end than are reacted to: other systems are asked late.",
      },
    });
  }
}
