import type { Construct } from "constructs";
import { EnvSchema } from "../../../../lambdas/plan-refresh/env.ts";
import { ServiceFunction } from "../../service-function.ts";
import { acknowledgementsJson, sourcesJson } from "../function-context.ts";
import { grantPlanRefresh, type RefreshContext } from "./refresh-rights.ts";

/** Reading the times of a bucket of 200,000 products takes half a minute; the first plan after an outage reads more of them. */
const TIMEOUT_SECONDS = 300;

/** `plan-refresh`: chooses what is fetched again in this hour. */
export class PlanRefreshFunction extends ServiceFunction<typeof EnvSchema> {
  constructor(scope: Construct, id: string, context: RefreshContext) {
    const { config, alarms, data, refreshQueue } = context;
    super(scope, id, {
      config,
      alarms,
      room: "plan-refresh",
      envSchema: EnvSchema,
      timeoutSeconds: TIMEOUT_SECONDS,
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
        SOURCES: sourcesJson(config),
        SECRET_PREFIX: data.secrets.prefix,
      },
    });
    grantPlanRefresh(this, context);
    data.marketplaces.grant(this, ["BatchGetItem"]);
    data.upstreamLimits.grant(this, ["GetItem"]);
    data.secrets.grantRead(this);
  }
}
