import { EventSourceMapping, type EventSourceMappingOptions } from "aws-cdk-lib/aws-lambda";
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
