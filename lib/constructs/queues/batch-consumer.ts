import { Duration } from "aws-cdk-lib";
import { EventSourceMapping } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import { acceptFinding } from "../findings/accept-finding.ts";
import type { EnvSchemaLike } from "../service-environment.ts";
import type { ServiceFunction } from "../service-function.ts";
import type { QueueWithDlq } from "./queue-with-dlq.ts";

export interface BatchConsumerProps<Schema extends EnvSchemaLike> {
  readonly source: QueueWithDlq;
  readonly target: ServiceFunction<Schema>;
  /** Workers at the same time, 2 to 1,000. */
  readonly maxConcurrency: number;
  /** Messages an invocation, 1 to 10,000; Lambda takes fewer than it has room for in 6 MB. @default 10 */
  readonly batchSize?: number;
  /** How long to gather messages before an invocation; above 10 messages Lambda demands a second. @default 0 seconds */
  readonly windowSeconds?: number;
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html */
const MAX_BATCH_SIZE = 10_000;
const MAX_SIZE_WITHOUT_WINDOW = 10;

/**
 * Feeds a queue to a function that answers for each message on its own (`batchItemFailures`).
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 *
 * @example
 * new BatchConsumer(this, "EnrichConsumer", { source: queue, target: enrichBatch, maxConcurrency: 2 });
 */
export class BatchConsumer<Schema extends EnvSchemaLike> extends Construct {
  constructor(scope: Construct, id: string, props: BatchConsumerProps<Schema>) {
    super(scope, id);
    const { source, target, maxConcurrency, batchSize = 10, windowSeconds = 0 } = props;
    if (!Number.isInteger(maxConcurrency) || maxConcurrency < 2 || maxConcurrency > 1000) {
      throw new Error(`maxConcurrency is ${maxConcurrency}: SQS event sources take a whole number from 2 to 1,000`);
    }
    if (!Number.isInteger(batchSize) || batchSize < 1 || batchSize > MAX_BATCH_SIZE) {
      throw new Error(`batchSize is ${batchSize}: SQS event sources take a whole number from 1 to 10,000`);
    }
    if (batchSize > MAX_SIZE_WITHOUT_WINDOW && windowSeconds < 1) {
      throw new Error(
        `batchSize is ${batchSize}: take 1 to 10, or a windowSeconds of 1 or more, which every message then may wait`,
      );
    }
    source.grantConsume(target);
    const mapping = new EventSourceMapping(this, "Source", {
      target: target.fn,
      eventSourceArn: source.queue.queueArn,
      batchSize,
      maxConcurrency,
      reportBatchItemFailures: true,
      ...(windowSeconds > 0 ? { maxBatchingWindow: Duration.seconds(windowSeconds) } : {}),
    });
    acceptFinding(mapping, {
      rules: ["Serverless-LambdaEventSourceMappingDestination"],
      kind: "consumers of queues",
      reason: "A message that fails goes to the dead-letter queue of its queue; a mapping of SQS takes no destination.",
    });
  }
}
