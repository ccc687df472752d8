import { Construct } from "constructs";
import { METRICS } from "../../lambdas/common/core/metric-names.ts";
import { REFRESH_WORKERS } from "../config/capacity.ts";
import { runbookSection } from "../monitoring/alarm-registry.ts";
import { ownMetric } from "../monitoring/own-metrics.ts";
import type { FunctionContext } from "./functions/function-context.ts";
import { PlanRefreshFunction } from "./functions/products/plan-refresh-function.ts";
import { RefreshProductsFunction } from "./functions/products/refresh-products-function.ts";
import { BatchConsumer } from "./queues/batch-consumer.ts";
import { ScheduledCalls } from "./scheduled-calls.ts";

/** Calls that a worker takes at once: each may wait for its slot. */
const CALLS_PER_INVOCATION = 3;

/** The daily refresh: a plan every hour, the workers that serve it, and the notice before content ends. */
export class RefreshLine extends Construct {
  readonly planRefresh: PlanRefreshFunction;
  readonly refreshProducts: RefreshProductsFunction;

  constructor(scope: Construct, id: string, context: FunctionContext) {
    super(scope, id);
    const { alarms, config, queues } = context;
    this.planRefresh = new PlanRefreshFunction(this, "PlanRefresh", context);
    this.refreshProducts = new RefreshProductsFunction(this, "RefreshProducts", context);
    new BatchConsumer(this, "RefreshConsumer", {
      source: queues.refresh,
      target: this.refreshProducts,
      maxConcurrency: REFRESH_WORKERS,
      batchSize: CALLS_PER_INVOCATION,
    });
    new ScheduledCalls(this, "PlanSchedule", {
      every: "hour",
      alarms,
      target: this.planRefresh,
      component: "PlanRefresh",
      impact: "Products are not fetched again, and their content ends by its licence.",
    });
    alarms.add({
      id: "Refresh/WillExpire",
      severity: "notice",
      metric: ownMetric(METRICS.PRODUCTS_WILL_EXPIRE, { config, service: "plan-refresh", statistic: "Maximum" }),
      threshold: 1,
      impact: "Products will lose fields by their licence within a day, because the allowance cannot keep all of them.",
      runbook: runbookSection("Refresh/WillExpire"),
    });
  }
}
