import type { Construct } from "constructs";
import { EnvSchema } from "../../../../lambdas/enrich-batch/env.ts";
import { ServiceFunction } from "../../service-function.ts";
import { acknowledgementsJson, type FunctionContext, userAgent } from "../function-context.ts";
import { dispatchEnvironment, grantDispatch } from "./dispatching.ts";

export interface EnrichBatchFunctionProps extends FunctionContext {
  /** Which queue it serves; decides how long it may wait for a slot. */
  readonly priority: "bulk" | "express";
}

/** `enrich-batch`: asks the sources for the products of the batches whose messages it receives. */
export class EnrichBatchFunction extends ServiceFunction<typeof EnvSchema> {
  constructor(scope: Construct, id: string, props: EnrichBatchFunctionProps) {
    const { config, alarms, data, priority } = props;
    super(scope, id, {
      config,
      alarms,
      room: "enrich-batch",
      envSchema: EnvSchema,
      timeoutSeconds: config.function_timeout_seconds,
      impact:
        priority === "express"
          ? "Catalogs of up to five batches are not enriched until it runs again."
          : "Large catalogs are not enriched until it runs again.",
      environment: {
        MARKETPLACES_TABLE_NAME: data.marketplaces.table.tableName,
        ...dispatchEnvironment(props),
        PRODUCTS_TABLE_NAME: data.products.table.tableName,
        CONTENT_ENDS_TABLE_NAME: data.contentEnds.table.tableName,
        LICENCE_ACKNOWLEDGEMENTS: acknowledgementsJson(config),
        LIMITS_TABLE_NAME: data.upstreamLimits.table.tableName,
        PRODUCT_EVENTS: config.product_events,
        PRIORITY: priority,
        SECRET_PREFIX: data.secrets.prefix,
        USER_AGENT: userAgent(config),
        UPSTREAM_TIMEOUT_MS: String(config.upstream_timeout_seconds * 1000),
        FUNCTION_TIMEOUT_SECONDS: String(config.function_timeout_seconds),
      },
    });
    // It also tops up the dispatch window when a batch settles, which reads open runs and writes new batch rows.
    grantDispatch(this, props);
    // It wakes what waited for a breaker that it closed.
    data.enrichmentStatus.grantQuery(this, "due-batches");
    data.marketplaces.grant(this, ["BatchGetItem"]);
    data.products.grant(this, ["BatchGetItem", "UpdateItem"]);
    data.contentEnds.grant(this, ["PutItem", "Query"]);
    data.upstreamLimits.grant(this, ["GetItem", "PutItem", "UpdateItem", "DeleteItem"]);
    data.bucket.grantRead(this, "catalogs");
    data.bucket.grantWrite(this, "raw");
    data.secrets.grantRead(this);
  }
}
