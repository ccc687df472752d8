import type { Construct } from "constructs";
import { EnvSchema } from "../../../../lambdas/reconcile/env.ts";
import { ServiceFunction } from "../../service-function.ts";
import { type FunctionContext, sourcesJson } from "../function-context.ts";

/** `reconcile`: sends overdue batches again, and gives up what makes no progress, removes deleted catalogs. */
export class ReconcileFunction extends ServiceFunction<typeof EnvSchema> {
  constructor(scope: Construct, id: string, { config, alarms, data, queues }: FunctionContext) {
    super(scope, id, {
      config,
      alarms,
      room: "reconcile",
      envSchema: EnvSchema,
      timeoutSeconds: config.function_timeout_seconds,
      impact: "Batches whose message was lost or whose wait is over stay where they are.",
      environment: {
        STATUS_TABLE_NAME: data.enrichmentStatus.table.tableName,
        FAILURES_TABLE_NAME: data.failures.table.tableName,
        LIMITS_TABLE_NAME: data.upstreamLimits.table.tableName,
        SOURCES: sourcesJson(config),
        BUCKET_NAME: data.bucket.bucket.bucketName,
        ENRICH_QUEUE_URL: queues.enrich.queue.queueUrl,
        EXPRESS_QUEUE_URL: queues.express.queue.queueUrl,
        INGEST_QUEUE_URL: queues.ingest.queue.queueUrl,
        // Leases last as long as an enriching function may; its own timeout is the same.
        FUNCTION_TIMEOUT_SECONDS: String(config.function_timeout_seconds),
      },
    });
    data.enrichmentStatus.grant(this, [
      "GetItem",
      "BatchGetItem",
      "Query",
      // Finds rows whose catalog is gone, which no index holds.
      "Scan",
      "PutItem",
      "UpdateItem",
      "DeleteItem",
      // What a trial opens again must be of its catalog's newest run.
      "ConditionCheckItem",
    ]);
    data.enrichmentStatus.grantQuery(this, "due-batches");
    data.enrichmentStatus.grantQuery(this, "open-runs");
    // Trials of failure groups go on here, those of operators over everybody's runs.
    data.enrichmentStatus.grantQuery(this, "failing-runs");
    data.enrichmentStatus.grantScan(this, "failing-runs");
    // Whether a breaker is open still.
    data.upstreamLimits.grant(this, ["GetItem"]);
    data.failures.grant(this, ["GetItem", "Query", "PutItem", "UpdateItem", "DeleteItem"]);
    data.bucket.grantDelete(this, "catalogs", "uploads");
    // Uploads too: only the list distinguishes a file that never came from one that may not be read.
    data.bucket.grantList(this, "catalogs", "uploads");
    for (const queue of [queues.enrich, queues.express, queues.ingest]) {
      queue.grantSend(this);
      // Its depth is a metric.
      queue.grantReadAttributes(this);
    }
  }
}
