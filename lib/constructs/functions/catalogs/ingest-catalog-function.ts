import type { Construct } from "constructs";
import { INGEST_NODE_OPTIONS } from "../../../../lambdas/common/core/catalogs/ingest/node-options.ts";
import { EnvSchema } from "../../../../lambdas/ingest-catalog/env.ts";
import { ServiceFunction } from "../../service-function.ts";
import type { FunctionContext } from "../function-context.ts";
import { dispatchEnvironment, grantDispatch } from "./dispatching.ts";

/** `ingest-catalog`: reads uploaded files and begins their runs. */
export class IngestCatalogFunction extends ServiceFunction<typeof EnvSchema> {
  constructor(scope: Construct, id: string, context: FunctionContext) {
    const { config, alarms, data, queues } = context;
    super(scope, id, {
      config,
      alarms,
      room: "ingest-catalog",
      envSchema: EnvSchema,
      timeoutSeconds: config.ingest_timeout_seconds,
      memoryMb: config.ingest_memory_mb,
      nodeOptions: INGEST_NODE_OPTIONS,
      impact: "Uploaded files are not read: their catalogs stay in awaiting_upload or ingesting.",
      environment: {
        MARKETPLACES_TABLE_NAME: data.marketplaces.table.tableName,
        ...dispatchEnvironment(context),
        OPERATIONS_TABLE_NAME: data.operations.table.tableName,
        INGEST_QUEUE_URL: queues.ingest.queue.queueUrl,
        // The other half of the workers is for everybody else.
        MAX_READINGS_PER_USER: String(Math.max(1, Math.floor(config.ingest_concurrency / 2))),
      },
    });
    // It sends the first batches itself, which reads open runs and writes batch rows.
    grantDispatch(this, context);
    data.marketplaces.grant(this, ["BatchGetItem"]);
    data.operations.grant(this, ["GetItem", "PutItem", "UpdateItem"]);
    data.bucket.grantRead(this, "uploads", "catalogs");
    data.bucket.grantWrite(this, "catalogs");
    data.bucket.grantAbort(this, "catalogs");
    // A file that is refused leaves nothing behind, neither itself nor what attempts that died wrote.
    data.bucket.grantDelete(this, "catalogs", "uploads");
    data.bucket.grantList(this, "catalogs");
    // A file whose user has no free reading slot is sent again.
    queues.ingest.grantSend(this);
  }
}
