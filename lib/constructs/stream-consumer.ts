import { Duration } from "aws-cdk-lib";
import { FilterCriteria, FilterRule } from "aws-cdk-lib/aws-lambda";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { StageConfig } from "../config/load-settings.ts";
import type { AlarmRegistry } from "../monitoring/alarm-registry.ts";
import { addStreamAlarms, type StreamImpacts } from "../monitoring/stream-alarms.ts";
import type { DataTable } from "./data/data-table.ts";
import { MISSES_NOTHING, mapStream } from "./map-stream.ts";
import { deadLetterQueue } from "./queues/dead-letter-queue.ts";
import type { EnvSchemaLike } from "./service-environment.ts";
import type { ServiceFunction } from "./service-function.ts";

export interface StreamConsumerProps<Schema extends EnvSchemaLike> {
  readonly config: StageConfig;
  readonly alarms: AlarmRegistry;
  readonly source: DataTable;
  readonly target: ServiceFunction<Schema>;
  /** Records that the function gets. @default every write; an item that is gone has nothing to say */
  readonly filters?: readonly Record<string, unknown>[];
  /** How long to gather records. @default 5 seconds */
  readonly window?: Duration;
  readonly impacts: StreamImpacts;
}

/** Records of an invocation: as many products as one BatchGetItem reads. */
const BATCH_SIZE = 100;
const WINDOW = Duration.seconds(5);
const WRITES = { eventName: FilterRule.or("INSERT", "MODIFY") };

/**
 * Feeds what is written to a table to a function. A batch that fails is halved until what fails is alone; that is tried
 * again for six hours, then given up, and its place in the stream put on a queue of its own.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
 *
 * @example
 * new StreamConsumer(this, "ProductsStream", { config, alarms, source: data.products, target: publishEvents, impacts });
 */
export class StreamConsumer<Schema extends EnvSchemaLike> extends Construct {
  readonly givenUp: Queue;

  constructor(scope: Construct, id: string, props: StreamConsumerProps<Schema>) {
    super(scope, id);
    const { config, alarms, source, target, impacts, filters = [WRITES] } = props;
    this.givenUp = deadLetterQueue(this, "GivenUp", config);
    mapStream(this, {
      ...{ source, target, givenUp: this.givenUp },
      options: {
        ...MISSES_NOTHING,
        batchSize: BATCH_SIZE,
        maxBatchingWindow: props.window ?? WINDOW,
        filters: filters.map((filter) => FilterCriteria.filter(filter)),
      },
    });
    addStreamAlarms(alarms, { config, component: id, fn: target.fn, givenUp: this.givenUp, impacts });
  }
}
