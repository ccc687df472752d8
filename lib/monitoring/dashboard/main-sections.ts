import { type IMetric, type IWidget, MathExpression } from "aws-cdk-lib/aws-cloudwatch";
import { METRICS } from "../../../lambdas/common/core/metric-names.ts";
import type { StageConfig } from "../../config/load-settings.ts";
import {
  failuresByCode,
  ownMetric,
  processingTimes,
  productsDone,
  queueDepths,
  recordMetrics,
  successRate,
  successRates,
} from "../own-metrics.ts";
import type { Watched } from "./watched.ts";
import { each, heading, PERIOD, row } from "./widgets.ts";

/** A count as it would be in a minute, whatever period the dashboard shows. @param id unique in its graph */
const aMinute = (id: string, label: string, metric: IMetric): MathExpression =>
  new MathExpression({
    expression: `60 * ${id} / PERIOD(${id})`,
    usingMetrics: { [id]: metric },
    label,
    period: PERIOD,
  });

/** What users get: how much is asked for, how much of it ends well, why the rest does not, and how long it takes. */
export const workSection = (config: StageConfig, { api }: Watched): IWidget[][] => [
  heading("Products and requests"),
  row(
    [
      "Request rate, a minute",
      [
        aMinute("products", "products", ownMetric(METRICS.ENRICHMENT_REQUESTS, { config, service: "enrich-batch" })),
        aMinute("calls", "calls of the API", api.metricCount({ period: PERIOD })),
      ],
    ],
    ["Success rate, in all and by region", [successRate(config), ...successRates(config)]],
    ["Failed products, by code", [failuresByCode(config)]],
    ["Time for a product, p95 by region", processingTimes(config)],
  ),
  row(
    ["API: errors", [api.metricClientError({ period: PERIOD }), api.metricServerError({ period: PERIOD })]],
    ["API: latency, p50 and p99", ["p50", "p99"].map((statistic) => api.metricLatency({ statistic, period: PERIOD }))],
    ["Products done", productsDone(config)],
    [
      "Products that could be worked on",
      [
        ownMetric(METRICS.SERVABLE_PRODUCTS, {
          ...{ config, service: "reconcile", statistic: "Maximum", label: METRICS.SERVABLE_PRODUCTS },
        }),
        ownMetric(METRICS.STUCK_WORK, { config, service: "reconcile", label: METRICS.STUCK_WORK }),
      ],
    ],
  ),
];

/** Whether work arrives, is taken and comes back. */
export const queuesSection = (config: StageConfig, { queues }: Watched): IWidget[][] => [
  heading("Queues"),
  row(
    ["Queue depth, with delayed and in flight", queueDepths(config)],
    [
      "Queue depth: messages waiting",
      each(queues, ({ queue }, label) =>
        queue.metricApproximateNumberOfMessagesVisible({ label, statistic: "Maximum", period: PERIOD }),
      ),
    ],
    [
      "Sent and received",
      [
        ...each(queues, ({ queue }, label) =>
          queue.metricNumberOfMessagesSent({ label: `${label} sent`, period: PERIOD }),
        ),
        ...each(queues, ({ queue }, label) =>
          queue.metricNumberOfMessagesReceived({ label: `${label} received`, period: PERIOD }),
        ),
      ],
    ],
  ),
  row(
    [
      "Age of the oldest message, seconds",
      each(queues, ({ queue }, label) =>
        queue.metricApproximateAgeOfOldestMessage({ label, statistic: "Maximum", period: PERIOD }),
      ),
    ],
    [
      "Dead letters",
      each(queues, ({ deadLetterQueue }, label) =>
        deadLetterQueue.metricApproximateNumberOfMessagesVisible({ label, statistic: "Maximum", period: PERIOD }),
      ),
    ],
    ["Records that came back", recordMetrics(METRICS.RECORD_FAILED, config)],
    ["Unreadable records", recordMetrics(METRICS.RECORD_INVALID, config)],
  ),
];

/** Whether the code runs. */
export const functionsSection = ({ functions }: Watched): IWidget[][] => [
  heading("Functions"),
  row(
    ["Invocations", each(functions, (fn, label) => fn.metricInvocations({ label, period: PERIOD }))],
    [
      "Errors and throttles",
      [
        ...each(functions, (fn, label) => fn.metricErrors({ label: `${label} errors`, period: PERIOD })),
        ...each(functions, (fn, label) => fn.metricThrottles({ label: `${label} throttles`, period: PERIOD })),
      ],
    ],
    ["Duration, p95", each(functions, (fn, label) => fn.metricDuration({ label, statistic: "p95", period: PERIOD }))],
  ),
];

/** Whether the tables keep up. */
export const tablesSection = ({ tables }: Watched): IWidget[][] => [
  heading("Tables"),
  row(
    [
      "Table capacity: read units",
      each(tables, (table, label) => table.metricConsumedReadCapacityUnits({ label, period: PERIOD })),
    ],
    [
      "Table capacity: write units",
      each(tables, (table, label) => table.metricConsumedWriteCapacityUnits({ label, period: PERIOD })),
    ],
  ),
];
