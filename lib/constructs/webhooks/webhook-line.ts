import { Duration } from "aws-cdk-lib";
import { FilterCriteria, FilterRule } from "aws-cdk-lib/aws-lambda";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { QueueImpacts } from "../../monitoring/queue-alarms.ts";
import { addStreamAlarms } from "../../monitoring/stream-alarms.ts";
import { addWebhookAlarms } from "../../monitoring/webhooks/webhook-alarms.ts";
import { EveryMinute } from "../every-minute.ts";
import type { FunctionContext } from "../functions/function-context.ts";
import { MISSES_NOTHING, mapStream } from "../map-stream.ts";
import { BatchConsumer } from "../queues/batch-consumer.ts";
import { deadLetterQueue } from "../queues/dead-letter-queue.ts";
import { QueueWithDlq } from "../queues/queue-with-dlq.ts";
import {
  DELIVER_TIMEOUT_SECONDS,
  DeliverWebhooksFunction,
  MESSAGES_PER_INVOCATION,
} from "./deliver-webhooks-function.ts";

const QUEUE_IMPACTS: QueueImpacts = {
  deadLetters: "Messages of webhooks were given up: their deliveries are sent again by their rows, late.",
  oldestMessage: "Webhooks wait although nothing holds them up: receivers learn of events late.",
  depth: "More webhooks are to be sent than are sent: receivers learn of events late.",
};
/** Records of an invocation. */
const BATCH_SIZE = 100;
/** Products are told of in windows of seconds. */
const PRODUCTS_GATHERED = Duration.seconds(5);

/**
 * What sends webhooks: the function, its queue and schedule, and the stream that it hears of products from. `publish-events` hands
 * it runs by the queue: more than two readers of a stream would be throttled (D-221).
 */
export class WebhookLine extends Construct {
  /** Runs that are to be told of, and deliveries that are to be attempted. */
  readonly queue: QueueWithDlq;
  readonly deliverWebhooks: DeliverWebhooksFunction;
  /** Places of records of the streams that were given up. */
  readonly givenUp: Queue;

  constructor(scope: Construct, id: string, context: FunctionContext) {
    super(scope, id);
    const { config, alarms, data } = context;
    this.queue = new QueueWithDlq(this, "WebhooksQueue", {
      ...{ config, alarms, impacts: QUEUE_IMPACTS },
      consumerTimeoutSeconds: DELIVER_TIMEOUT_SECONDS,
    });
    this.deliverWebhooks = new DeliverWebhooksFunction(this, "DeliverWebhooks", { ...context, queue: this.queue });
    this.givenUp = deadLetterQueue(this, "GivenUp", config);
    const target = this.deliverWebhooks;
    mapStream(new Construct(this, "Products"), {
      ...{ source: data.products, target, givenUp: this.givenUp },
      options: {
        ...MISSES_NOTHING,
        batchSize: BATCH_SIZE,
        maxBatchingWindow: PRODUCTS_GATHERED,
        filters: [FilterCriteria.filter({ eventName: FilterRule.or("INSERT", "MODIFY") })],
      },
    });
    new BatchConsumer(this, "Consumer", {
      source: this.queue,
      target,
      maxConcurrency: config.webhook_concurrency,
      batchSize: MESSAGES_PER_INVOCATION,
    });
    new EveryMinute(this, "Schedule", {
      alarms,
      target,
      component: "DeliverWebhooks",
      counted: { config, service: "deliver-webhooks" },
      impact: "Deliveries that failed for minutes are not tried again.",
      severity: "notice",
    });
    addStreamAlarms(alarms, {
      config,
      component: "WebhookStreams",
      fn: target.fn,
      givenUp: this.givenUp,
      impacts: {
        givenUp: "Events were given up: their webhooks are never sent. Status and products are as they should be.",
        late: "Webhooks come late.",
      },
    });
    addWebhookAlarms(alarms, config);
  }

  /** What the stack puts out of it. */
  get outputs(): Readonly<Record<string, string>> {
    return {
      QueueWebhooksUrl: this.queue.queue.queueUrl,
      QueueWebhooksDlqUrl: this.queue.deadLetterQueue.queueUrl,
      FunctionDeliverWebhooks: this.deliverWebhooks.fn.functionName,
    };
  }
}
