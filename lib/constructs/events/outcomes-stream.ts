import { Duration } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { EVENT_SYSTEM } from "../../../lambdas/common/core/catalogs/system-owner.ts";
import { CLOSED_RUN_STATES } from "../../../lambdas/common/core/runs/run-states.ts";
import type { StageConfig } from "../../config/load-settings.ts";
import type { AlarmRegistry } from "../../monitoring/alarm-registry.ts";
import type { DataTable } from "../data/data-table.ts";
import type { EnvSchemaLike } from "../service-environment.ts";
import type { ServiceFunction } from "../service-function.ts";
import { StreamConsumer } from "../stream-consumer.ts";

export interface OutcomesStreamProps<Schema extends EnvSchemaLike> {
  readonly config: StageConfig;
  readonly alarms: AlarmRegistry;
  /** `enrichment-status`. */
  readonly source: DataTable;
  readonly target: ServiceFunction<Schema>;
}

/** Somebody waits for the answer to a request. */
const WINDOW = Duration.seconds(1);

/** Records of rows of a type that were changed; a new row has nothing that ended. */
const changed = (rowType: string, also: Readonly<Record<string, readonly string[]>> = {}) => ({
  eventName: ["MODIFY"],
  dynamodb: {
    NewImage: {
      row_type: { S: [rowType] },
      ...Object.fromEntries(Object.entries(also).map(([name, values]) => [name, { S: values }])),
    },
  },
});

/**
 * Feeds what ended to `publish-events`: writes of batches, and of runs that are closed; of all runs where the stage has webhooks.
 *
 * @example
 * new OutcomesStream(this, "OutcomesStream", { config, alarms, source: data.enrichmentStatus, target: publishEvents });
 */
export class OutcomesStream<Schema extends EnvSchemaLike> extends StreamConsumer<Schema> {
  constructor(scope: Construct, id: string, { config, alarms, source, target }: OutcomesStreamProps<Schema>) {
    super(scope, id, {
      ...{ config, alarms, source, target },
      filters: [
        changed("batch", config.product_events === "all" ? {} : { owner_id: [EVENT_SYSTEM] }),
        // Webhooks hear of failures while a run is open.
        changed("run", config.webhooks ? {} : { state: CLOSED_RUN_STATES }),
      ],
      window: WINDOW,
      impacts: {
        givenUp: "Nobody is notified of products and runs that ended; they are stored, and the API shows them.",
      },
    });
  }
}
