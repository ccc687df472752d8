import { SqsQueue } from "aws-cdk-lib/aws-events-targets";
import { Construct } from "constructs";
import { EVENT_NAMES } from "../../../lambdas/common/core/contract/events/event-names.ts";
import { REQUEST_WORKERS } from "../../config/capacity.ts";
import { ACCEPT_TIMEOUT_SECONDS, AcceptRequestsFunction } from "../functions/events/accept-requests-function.ts";
import type { FunctionContext } from "../functions/function-context.ts";
import { BatchConsumer } from "../queues/batch-consumer.ts";
import { QueueWithDlq } from "../queues/queue-with-dlq.ts";
import type { StageBus } from "./stage-bus.ts";

/** What a line of requests is built on. */
export interface RequestLineProps extends FunctionContext {
  readonly bus: StageBus;
}

/**
 * What other systems ask for: events of the bus, the queue that they wait in, and the function that begins the work.
 *
 * @example
 * new RequestLine(this, "Requests", { ...context, bus });
 */
export class RequestLine extends Construct {
  readonly queue: QueueWithDlq;
  readonly acceptRequests: AcceptRequestsFunction;
  /** What the launcher and the CLI read. */
  readonly outputs: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, props: RequestLineProps) {
    super(scope, id);
    const { config, alarms, bus } = props;
    this.queue = new QueueWithDlq(this, "RequestsQueue", {
      config,
      alarms,
      consumerTimeoutSeconds: ACCEPT_TIMEOUT_SECONDS,
      impacts: {
        deadLetters:
          "Requests of other systems were given up: their products are not enriched until they are sent again.",
        oldestMessage: "Requests of other systems wait although nothing holds them up.",
        depth: "Other systems ask for more than is taken in: their products are late.",
      },
    });
    this.acceptRequests = new AcceptRequestsFunction(this, "AcceptRequests", { ...props, requests: this.queue });
    new BatchConsumer(this, "RequestsConsumer", {
      source: this.queue,
      target: this.acceptRequests,
      maxConcurrency: REQUEST_WORKERS,
      // Requests that come together share a catalog.
      windowSeconds: config.batch_window_seconds,
    });
    bus
      .rule(this, "Requested", "A product is asked for", { detailType: [EVENT_NAMES.REQUESTED] })
      .addTarget(new SqsQueue(this.queue.queue, { deadLetterQueue: bus.undelivered }));
    this.outputs = {
      QueueRequestsUrl: this.queue.queue.queueUrl,
      QueueRequestsDlqUrl: this.queue.deadLetterQueue.queueUrl,
      FunctionAcceptRequests: this.acceptRequests.fn.functionName,
    };
  }
}
