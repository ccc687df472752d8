import type { Construct } from "constructs";
import { EnvSchema } from "../../../../lambdas/refresh-products/env.ts";
import { ServiceFunction } from "../../service-function.ts";
import { acknowledgementsJson, sourcesJson, userAgent } from "../function-context.ts";
import type { RefreshContext } from "./refresh-rights.ts";

/** `refresh-products`: fetches the products of planned calls again. */
export class RefreshProductsFunction extends ServiceFunction<typeof EnvSchema> {
  constructor(scope: Construct, id: string, { config, alarms, data, refreshQueue }: RefreshContext) {
    super(scope, id, {
      config,
      alarms,
      room: "refresh-products",
      envSchema: EnvSchema,
      timeoutSeconds: config.function_timeout_seconds,
      impact: "Products are not fetched again, and their content ends by its licence.",
      environment: {
        MARKETPLACES_TABLE_NAME: data.marketplaces.table.tableName,
        PRODUCTS_TABLE_NAME: data.products.table.tableName,
        CONTENT_ENDS_TABLE_NAME: data.contentEnds.table.tableName,
        LICENCE_ACKNOWLEDGEMENTS: acknowledgementsJson(config),
        LIMITS_TABLE_NAME: data.upstreamLimits.table.tableName,
        REFRESH_JOBS_TABLE_NAME: data.refreshJobs.table.tableName,
        REFRESH_DEMAND_TABLE_NAME: data.refreshDemand.table.tableName,
        REFRESH_QUEUE_URL: refreshQueue.queue.queueUrl,
        BUCKET_NAME: data.bucket.bucket.bucketName,
        SOURCES: sourcesJson(config),
        SECRET_PREFIX: data.secrets.prefix,
        USER_AGENT: userAgent(config),
        UPSTREAM_TIMEOUT_MS: String(config.upstream_timeout_seconds * 1000),
      },
    });
    data.marketplaces.grant(this, ["BatchGetItem"]);
    data.products.grant(this, ["BatchGetItem", "UpdateItem"]);
    data.contentEnds.grant(this, ["PutItem", "Query"]);
    data.refreshJobs.grant(this, ["GetItem", "PutItem"]);
    data.refreshDemand.grant(this, ["UpdateItem"]);
    data.upstreamLimits.grant(this, ["GetItem", "PutItem", "UpdateItem", "DeleteItem"]);
    data.bucket.grantWrite(this, "raw");
    data.secrets.grantRead(this);
    // A call that found no slot comes back by a new message.
    refreshQueue.grantSend(this);
  }
}
