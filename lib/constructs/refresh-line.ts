import { Construct } from "constructs";
import { METRICS } from "../../lambdas/common/core/metric-names.ts";
import { REFRESH_WORKERS } from "../config/capacity.ts";
import { runbookSection } from "../monitoring/alarm-registry.ts";
import { ownMetric } from "../monitoring/own-metrics.ts";
import type { QueueImpacts } from "../monitoring/queue-alarms.ts";
import type { FunctionContext } from "./functions/function-context.ts";
import { PlanRefreshFunction } from "./functions/products/plan-refresh-function.ts";
import { RefreshProductsFunction } from "./functions/products/refresh-products-function.ts";
import { BatchConsumer } from "./queues/batch-consumer.ts";
import { QueueWithDlq } from "./queues/queue-with-dlq.ts";
import { ScheduledCalls } from "./scheduled-calls.ts";

/** Calls that a worker takes at once: each may wait for its slot. */
const CALLS_PER_INVOCATION = 3;

const QUEUE_IMPACTS: QueueImpacts = {
  deadLetters: "Calls of the refresh were given up; the next plan has their products again.",
  oldestMessage: "Planned calls are not made, and their products may end by their licence.",
  depth: "More calls are planned than are made; their products may end by their licence.",
};

/** The daily refresh: a plan every hour, the workers that serve it, and the notice before content ends. */
export class RefreshLine extends Construct {
  /** Planned calls. */
  readonly queue: QueueWithDlq;
  readonly planRefresh: PlanRefreshFunction;
  readonly refreshProducts: RefreshProductsFunction;

  constructor(scope: Construct, id: string, context: FunctionContext) {
    super(scope, id);
    const { alarms, config } = context;
    // Beside this construct, where deployed stages have it: in another place it would be another queue.
    this.queue = new QueueWithDlq(scope, "RefreshQueue", { config, alarms, impacts: QUEUE_IMPACTS });
    const ofRefresh = { ...context, refreshQueue: this.queue };
    this.planRefresh = new PlanRefreshFunction(this, "PlanRefresh", ofRefresh);
    this.refreshProducts = new RefreshProductsFunction(this, "RefreshProducts", ofRefresh);
    new BatchConsumer(this, "RefreshConsumer", {
      source: this.queue,
      target: this.refreshProducts,
      maxConcurrency: REFRESH_WORKERS,
      batchSize: CALLS_PER_INVOCATION,
    });
    new ScheduledCalls(this, "PlanSchedule", {
      every: "hour",
      alarms,
      target: this.planRefresh,
      component: "PlanRefresh",
      counted: { config, service: "plan-refresh" },
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
  /** What the stack puts out of it. */
  get outputs(): Readonly<Record<string, string>> {
    return {
      QueueRefreshUrl: this.queue.queue.queueUrl,
      QueueRefreshDlqUrl: this.queue.deadLetterQueue.queueUrl,
      FunctionPlanRefresh: this.planRefresh.fn.functionName,
      FunctionRefreshProducts: this.refreshProducts.fn.functionName,
    };
  }
}
