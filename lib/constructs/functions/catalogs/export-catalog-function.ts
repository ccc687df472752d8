import type { Construct } from "constructs";
import { EnvSchema } from "../../../../lambdas/export-catalog/env.ts";
import { ServiceFunction } from "../../service-function.ts";
import { acknowledgementsJson, type FunctionContext } from "../function-context.ts";

/** `export-catalog`: writes catalogs with their results to files. */
export class ExportCatalogFunction extends ServiceFunction<typeof EnvSchema> {
  constructor(scope: Construct, id: string, { config, alarms, data, queues }: FunctionContext) {
    super(scope, id, {
      config,
      alarms,
      room: "export-catalog",
      envSchema: EnvSchema,
      timeoutSeconds: config.function_timeout_seconds,
      impact: "Exports that users asked for are not written; runs continue.",
      environment: {
        STATUS_TABLE_NAME: data.enrichmentStatus.table.tableName,
        PRODUCTS_TABLE_NAME: data.products.table.tableName,
        CONTENT_ENDS_TABLE_NAME: data.contentEnds.table.tableName,
        LICENCE_ACKNOWLEDGEMENTS: acknowledgementsJson(config),
        OPERATIONS_TABLE_NAME: data.operations.table.tableName,
        REFRESH_DEMAND_TABLE_NAME: data.refreshDemand.table.tableName,
        BUCKET_NAME: data.bucket.bucket.bucketName,
        EXPORTS_QUEUE_URL: queues.exports.queue.queueUrl,
        MAX_RECEIVE_COUNT: String(config.max_receive_count),
      },
    });
    data.enrichmentStatus.grant(this, ["GetItem", "Query"]);
    data.products.grant(this, ["BatchGetItem"]);
    data.refreshDemand.grant(this, ["UpdateItem"]);
    data.contentEnds.grant(this, ["PutItem", "Query"]);
    data.operations.grant(this, ["UpdateItem"]);
    // It reads and removes what it keeps between two invocations of one export.
    data.bucket.grantRead(this, "catalogs", "exports");
    data.bucket.grantWrite(this, "exports");
    data.bucket.grantDelete(this, "exports");
    queues.exports.grantSend(this);
  }
}
