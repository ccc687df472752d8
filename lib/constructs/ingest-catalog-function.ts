import type { Construct } from "constructs";
import { EnvSchema } from "../../lambdas/ingest-catalog/env.ts";
import { type FunctionContext, sourcesJson } from "./function-context.ts";
import { ServiceFunction } from "./service-function.ts";

/** `ingest-catalog`: reads uploaded files and begins their runs. */
export class IngestCatalogFunction extends ServiceFunction<typeof EnvSchema> {
  constructor(scope: Construct, id: string, { config, alarms, data, queues }: FunctionContext) {
    super(scope, id, {
      config,
      alarms,
      room: "ingest-catalog",
      envSchema: EnvSchema,
      timeoutSeconds: config.ingest_timeout_seconds,
      memoryMb: config.ingest_memory_mb,
      impact: "Uploaded files are not read: their catalogs stay in awaiting_upload or ingesting.",
      environment: {
        STATUS_TABLE_NAME: data.enrichmentStatus.table.tableName,
        OPERATIONS_TABLE_NAME: data.operations.table.tableName,
        BUCKET_NAME: data.bucket.bucket.bucketName,
        INGEST_QUEUE_URL: queues.ingest.queue.queueUrl,
        // The other half of the workers is for everybody else.
        MOST_READINGS_PER_USER: String(Math.max(1, Math.floor(config.ingest_concurrency / 2))),
        ENRICH_QUEUE_URL: queues.enrich.queue.queueUrl,
        EXPRESS_QUEUE_URL: queues.express.queue.queueUrl,
        SOURCES: sourcesJson(config),
        DISPATCH_WINDOW_SECONDS: String(config.dispatch_window_seconds),
      },
    });
    // It sends the first batches itself, which reads open runs and writes batch rows.
    data.enrichmentStatus.grant(this, [
      "GetItem",
      "BatchGetItem",
      "Query",
      "PutItem",
      "UpdateItem",
      "ConditionCheckItem",
    ]);
    data.enrichmentStatus.grantQuery(this, "open-runs");
    data.operations.grant(this, ["GetItem", "PutItem", "UpdateItem"]);
    data.bucket.grantRead(this, "uploads", "catalogs");
    data.bucket.grantWrite(this, "catalogs");
    // A file that is refused leaves nothing behind, neither itself nor what attempts that died wrote.
    data.bucket.grantDelete(this, "catalogs", "uploads");
    data.bucket.grantList(this, "catalogs");
    // Whose user must wait for a turn is sent again.
    queues.ingest.grantSend(this);
    queues.enrich.grantSend(this);
    queues.express.grantSend(this);
  }
}
