import { Duration } from "aws-cdk-lib";
import { EventSourceMapping, type EventSourceMappingOptions, StartingPosition } from "aws-cdk-lib/aws-lambda";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import type { DataTable } from "./data/data-table.ts";
import type { EnvSchemaLike } from "./service-environment.ts";
import type { ServiceFunction } from "./service-function.ts";

/** A stream and who reads it. */
export interface MapStreamProps<Schema extends EnvSchemaLike> {
  /** A table with a stream. */
  readonly source: DataTable;
  readonly target: ServiceFunction<Schema>;
  /** Gets the places of records that were given up. */
  readonly givenUp: IQueue;
  readonly options: Omit<EventSourceMappingOptions, "eventSourceArn" | "bisectBatchOnError" | "onFailure">;
}

/** What Lambda takes for "until the record is too old". */
const NO_LIMIT = -1;

/**
 * For a reader that must miss nothing: only age gives a record up, never a number of retries, which Lambda uses up within minutes
 * when EventBridge, SQS or DynamoDB is away. So a record that no retry helps must not fail: its reader logs and counts it (D-415).
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html
 */
export const MISSES_NOTHING = {
  startingPosition: StartingPosition.TRIM_HORIZON,
  retryAttempts: NO_LIMIT,
  maxRecordAge: Duration.hours(6),
} as const;

/**
 * Feeds the stream of a table to a function. A batch that fails is halved, so that one record holds no other up.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html
 */
export const mapStream = <Schema extends EnvSchemaLike>(
  scope: Construct,
  { source, target, givenUp, options }: MapStreamProps<Schema>,
): void => {
  source.grantStream(target);
  target.allow(["sqs:SendMessage"], givenUp.queueArn);
  new EventSourceMapping(scope, "Source", {
    ...options,
    target: target.fn,
    eventSourceArn: source.streamArn,
    bisectBatchOnError: true,
    // The right to send is granted above; CDK's own destination would grant it once more.
    onFailure: { bind: () => ({ destination: givenUp.queueArn }) },
  });
};
