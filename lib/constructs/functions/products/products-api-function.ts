import type { Construct } from "constructs";
import { EnvSchema } from "../../../../lambdas/products-api/env.ts";
import type { CursorSecret } from "../../cursor-secret.ts";
import { ServiceFunction } from "../../service-function.ts";
import { acknowledgementsJson, type FunctionContext, sourcesJson, userAgent } from "../function-context.ts";
import { HTTP_TIMEOUT_SECONDS } from "../http-timeout.ts";

/** What `products-api` is built on. */
export interface ProductsApiContext extends FunctionContext {
  readonly cursorSecret: CursorSecret;
}

/** `products-api`: stored products, and those that somebody wants from the sources now. */
export class ProductsApiFunction extends ServiceFunction<typeof EnvSchema> {
  constructor(scope: Construct, id: string, { config, alarms, data, cursorSecret }: ProductsApiContext) {
    super(scope, id, {
      config,
      alarms,
      room: "products-api",
      envSchema: EnvSchema,
      timeoutSeconds: HTTP_TIMEOUT_SECONDS,
      impact: "Nobody can look up, browse or import products; catalogs are enriched all the same.",
      environment: {
        ACCESS_TABLE_NAME: data.access.table.tableName,
        MARKETPLACES_TABLE_NAME: data.marketplaces.table.tableName,
        PRODUCTS_TABLE_NAME: data.products.table.tableName,
        HISTORY_TABLE_NAME: data.productHistory.table.tableName,
        LICENCE_ACKNOWLEDGEMENTS: acknowledgementsJson(config),
        CONTENT_ENDS_TABLE_NAME: data.contentEnds.table.tableName,
        LIMITS_TABLE_NAME: data.upstreamLimits.table.tableName,
        REFRESH_DEMAND_TABLE_NAME: data.refreshDemand.table.tableName,
        OPERATIONS_TABLE_NAME: data.operations.table.tableName,
        BUCKET_NAME: data.bucket.bucket.bucketName,
        SOURCES: sourcesJson(config),
        SECRET_PREFIX: data.secrets.prefix,
        CURSOR_SECRET_ARN: cursorSecret.arn,
        USER_AGENT: userAgent(config),
        UPSTREAM_TIMEOUT_MS: String(config.upstream_timeout_seconds * 1000),
        DEFAULT_MARKETPLACE: config.default_marketplace,
      },
    });
    data.access.grant(this, ["UpdateItem"]);
    data.marketplaces.grant(this, ["BatchGetItem"]);
    data.products.grant(this, ["BatchGetItem", "UpdateItem"]);
    data.refreshDemand.grant(this, ["UpdateItem"]);
    data.products.grantQuery(this, "refresh-bucket");
    data.productHistory.grant(this, ["GetItem", "PutItem", "Query"]);
    data.contentEnds.grant(this, ["PutItem", "Query"]);
    // It takes slots like the workers, shares their tokens and is counted.
    data.upstreamLimits.grant(this, ["GetItem", "PutItem", "UpdateItem", "DeleteItem"]);
    data.operations.grant(this, ["GetItem", "PutItem", "UpdateItem", "DeleteItem"]);
    data.bucket.grantWrite(this, "raw");
    data.secrets.grantRead(this);
    cursorSecret.grantRead(this);
  }
}
