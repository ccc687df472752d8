import type { Construct } from "constructs";
import { EnvSchema } from "../../lambdas/dispatch-batches/env.ts";
import { type FunctionContext, sourcesJson } from "./function-context.ts";
import { ServiceFunction } from "./service-function.ts";

/** `dispatch-batches`: keeps the window of work in flight full. */
export class DispatchBatchesFunction extends ServiceFunction<typeof EnvSchema> {
  constructor(scope: Construct, id: string, { config, alarms, data, queues }: FunctionContext) {
    super(scope, id, {
      config,
      alarms,
      room: "dispatch-batches",
      envSchema: EnvSchema,
      timeoutSeconds: config.function_timeout_seconds,
      impact: "Runs larger than the window start late: only settling batches still send new ones.",
      environment: {
        STATUS_TABLE_NAME: data.enrichmentStatus.table.tableName,
        BUCKET_NAME: data.bucket.bucket.bucketName,
        ENRICH_QUEUE_URL: queues.enrich.queue.queueUrl,
        EXPRESS_QUEUE_URL: queues.express.queue.queueUrl,
        SOURCES: sourcesJson(config),
        DISPATCH_WINDOW_SECONDS: String(config.dispatch_window_seconds),
      },
    });
    data.enrichmentStatus.grant(this, [
      "GetItem",
      "BatchGetItem",
      "Query",
      "PutItem",
      "UpdateItem",
      "ConditionCheckItem",
    ]);
    data.enrichmentStatus.grantQuery(this, "open-runs");
    data.bucket.grantRead(this, "catalogs");
    queues.enrich.grantSend(this);
    queues.express.grantSend(this);
  }
}
