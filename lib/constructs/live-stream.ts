import { Duration } from "aws-cdk-lib";
import { FilterCriteria, StartingPosition } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import { STEPS_BEFORE_RUN } from "../../lambdas/common/core/catalogs/steps-before-run.ts";
import { liveBatches } from "../config/capacity.ts";
import type { StageConfig } from "../config/load-settings.ts";
import type { DataTable } from "./data/data-table.ts";
import { mapStream } from "./map-stream.ts";
import type { DeadLetters } from "./queues/dead-letters.ts";
import type { EnvSchemaLike } from "./service-environment.ts";
import type { ServiceFunction } from "./service-function.ts";

export interface LiveStreamProps<Schema extends EnvSchemaLike> {
  readonly config: StageConfig;
  /** A table with a stream. */
  readonly table: DataTable;
  readonly target: ServiceFunction<Schema>;
  /** Gets the places of records that were given up. */
  readonly undelivered: DeadLetters;
  /** Records that the function gets; others cost nothing. */
  readonly filters: readonly Record<string, unknown>[];
}

/**
 * Filters of `enrichment-status`: records that change what the snapshot of a catalog says: all of runs, and those with which a catalog without a run comes to another
 * step. Its row changes for other reasons far more often: while a file is read it says how far, and each run is noted in it.
 */
export const STATE_CHANGES = [
  { dynamodb: { NewImage: { row_type: { S: ["run"] } } } },
  ...STEPS_BEFORE_RUN.slice(0, -1).map((states, step) => ({
    eventName: ["MODIFY"],
    dynamodb: {
      OldImage: { state: { S: states } },
      NewImage: {
        row_type: { S: ["catalog"] },
        state: { S: STEPS_BEFORE_RUN.slice(step + 1).flat() },
        // It is null until there is a run.
        tracking_id: { S: [{ exists: false }] },
      },
    },
  })),
];

/** Records of an invocation. They are small, and only the newest of an item counts. */
const BATCH_SIZE = 100;
/** A change that could not be sent for so long is superseded or polled. The least that Lambda takes. */
const MAX_RECORD_AGE = Duration.seconds(60);

/**
 * Feeds the stream of a table to a function that pushes changes and reports those that failed, at once and for a minute only: unlike
 * a `StreamConsumer`, whose changes are recorded however late. Failures are tried again in halves, so that one holds no other up.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html
 *
 * @example
 * new LiveStream(this, "RunChanges", { config, table, target, undelivered, filters: [{ eventName: ["INSERT"] }] });
 */
export class LiveStream<Schema extends EnvSchemaLike> extends Construct {
  constructor(scope: Construct, id: string, props: LiveStreamProps<Schema>) {
    super(scope, id);
    const { table, target, undelivered } = props;
    mapStream(this, {
      ...{ source: table, target, givenUp: undelivered.queue },
      options: {
        startingPosition: StartingPosition.LATEST,
        batchSize: BATCH_SIZE,
        // Records of one item stay in their order.
        parallelizationFactor: liveBatches(props.config),
        reportBatchItemFailures: true,
        maxRecordAge: MAX_RECORD_AGE,
        filters: props.filters.map((filter) => FilterCriteria.filter(filter)),
      },
    });
  }
}
