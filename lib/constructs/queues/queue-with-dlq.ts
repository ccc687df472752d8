import { Duration, Validations } from "aws-cdk-lib";
import { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { messagesInWindow } from "../../config/capacity.ts";
import { recommendedVisibilitySeconds, type StageConfig } from "../../config/load-settings.ts";
import type { AlarmRegistry } from "../../monitoring/alarm-registry.ts";
import { addQueueAlarms, type QueueImpacts } from "../../monitoring/queue-alarms.ts";
import { acceptFinding, NO_TLS } from "../findings/accept-finding.ts";
import type { EnvSchemaLike } from "../service-environment.ts";
import type { ServiceFunction } from "../service-function.ts";
import { deadLetterQueue, queueProps } from "./dead-letter-queue.ts";

export interface QueueWithDlqProps {
  readonly config: StageConfig;
  readonly alarms: AlarmRegistry;
  /** Timeout of the function that reads the queue, seconds. @default that of the enriching functions */
  readonly consumerTimeoutSeconds?: number;
  /** Messages waiting from which on somebody is notified. @default twice the dispatch window, and at least the stage's setting */
  readonly depth?: number;
  /** Who is affected when the queue does not drain. @default what it means for batch messages */
  readonly impacts?: QueueImpacts;
}

const batchQueueVisibility = (config: StageConfig): number =>
  config.visibility_timeout_seconds === "auto"
    ? recommendedVisibilitySeconds(config)
    : config.visibility_timeout_seconds;

/** Six timeouts of the consumer, as AWS recommends, unless the stage is one to watch things fail on. */
const ownVisibility = ({ config, consumerTimeoutSeconds = 0 }: QueueWithDlqProps): number =>
  config.disposable ? batchQueueVisibility(config) : 6 * consumerTimeoutSeconds;

/**
 * A queue and its dead-letter queue, both encrypted, with their alarms under the construct's id.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html for timeout and receive count
 *
 * @example
 * const queue = new QueueWithDlq(this, "EnrichQueue", { config, alarms });
 */
export class QueueWithDlq extends Construct {
  readonly queue: Queue;
  readonly deadLetterQueue: Queue;

  constructor(scope: Construct, id: string, props: QueueWithDlqProps) {
    super(scope, id);
    const { config, alarms } = props;
    this.deadLetterQueue = deadLetterQueue(this, "DeadLetters", config);
    this.queue = new Queue(this, "Messages", {
      ...queueProps(config),
      retentionPeriod: Duration.days(config.queue_retention_days),
      visibilityTimeout: Duration.seconds(
        props.consumerTimeoutSeconds === undefined ? batchQueueVisibility(config) : ownVisibility(props),
      ),
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: config.max_receive_count },
    });
    if (config.disposable) {
      acceptFinding(this.queue, NO_TLS);
      Validations.of(this.queue).acknowledge({
        id: "CloudFormation-Validate::E3505",
        reason:
          "Stage local keeps the timeout short, so that a message that failed is seen again while somebody watches",
      });
    }
    addQueueAlarms(alarms, {
      component: id,
      queue: this.queue,
      deadLetterQueue: this.deadLetterQueue,
      oldestMessageSeconds: config.alarms.oldest_message_seconds,
      depth: props.depth ?? Math.max(config.alarms.queue_depth, 2 * messagesInWindow(config)),
      ...(props.impacts ? { impacts: props.impacts } : {}),
    });
  }

  /** Lets a function put messages on the queue. */
  grantSend<Schema extends EnvSchemaLike>(target: ServiceFunction<Schema>): void {
    target.allow(["sqs:SendMessage"], this.queue.queueArn);
  }

  /** Lets a function consume the queue. */
  grantConsume<Schema extends EnvSchemaLike>(target: ServiceFunction<Schema>): void {
    const actions = [
      "sqs:ReceiveMessage",
      "sqs:DeleteMessage",
      "sqs:GetQueueAttributes",
      "sqs:ChangeMessageVisibility",
    ];
    target.allow(actions, this.queue.queueArn);
  }

  /** Lets a function see how many messages wait. */
  grantReadAttributes<Schema extends EnvSchemaLike>(target: ServiceFunction<Schema>): void {
    target.allow(["sqs:GetQueueAttributes"], this.queue.queueArn);
  }
}
