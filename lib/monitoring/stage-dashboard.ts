import { Duration } from "aws-cdk-lib";
import type { HttpApi, WebSocketApi } from "aws-cdk-lib/aws-apigatewayv2";
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  TextWidget,
} from "aws-cdk-lib/aws-cloudwatch";
import type { Table } from "aws-cdk-lib/aws-dynamodb";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { METRICS, type MetricName } from "../../lambdas/common/core/metric-names.ts";
import type { StageConfig } from "../config/load-settings.ts";
import {
  failuresByCode,
  ownMetric,
  processingTimes,
  recordMetrics,
  sourceMetrics,
  successRate,
} from "./own-metrics.ts";
import { orphans, shopEvents, shopFailures } from "./shop-alarms.ts";
import { webhookAttempts, webhookRecords } from "./webhooks/webhook-alarms.ts";

/** What the dashboard shows, by the names that people use. */
export interface Watched {
  readonly api: HttpApi;
  readonly live: WebSocketApi;
  readonly queues: Readonly<Record<string, { readonly queue: IQueue; readonly deadLetterQueue: IQueue }>>;
  readonly functions: Readonly<Record<string, IFunction>>;
  readonly tables: Readonly<Record<string, Table>>;
}

export interface StageDashboardProps {
  readonly config: StageConfig;
  readonly watched: Watched;
  readonly alarms: ReadonlyMap<string, Alarm>;
}

const FULL_WIDTH = 24;
const PERIOD = Duration.minutes(5);

const graph = (title: string, left: IMetric[], width: number): IWidget =>
  new GraphWidget({ title, left, width, height: 6 });

const row = (...graphs: readonly (readonly [title: string, left: IMetric[]])[]): IWidget[] =>
  graphs.map(([title, left]) => graph(title, left, FULL_WIDTH / graphs.length));

/** The dashboard `Enrichline-<stage>`: alarms first, then the way of a catalog from the API to the tables. */
export class StageDashboard extends Construct {
  constructor(scope: Construct, id: string, { config, watched, alarms }: StageDashboardProps) {
    super(scope, id);
    const { api, live } = watched;
    const each = <Part>(parts: Readonly<Record<string, Part>>, metric: (part: Part, label: string) => IMetric) =>
      Object.entries(parts).map(([label, part]) => metric(part, label));
    const { queues, functions, tables } = watched;
    const bySource = (name: MetricName) =>
      sourceMetrics(name, config, "Maximum").map(({ id, metric }) => metric.with({ label: id }));

    new Dashboard(this, "Board", {
      dashboardName: `Enrichline-${config.stage}`,
      widgets: [
        [this.#heading(`Enrichline ${config.stage}: alarms`)],
        [new AlarmStatusWidget({ title: "Alarms", alarms: [...alarms.values()], width: FULL_WIDTH, height: 4 })],
        [this.#heading("API")],
        row(
          ["Requests", [api.metricCount({ period: PERIOD })]],
          ["Errors", [api.metricClientError({ period: PERIOD }), api.metricServerError({ period: PERIOD })]],
          ["Latency, p50 and p99", ["p50", "p99"].map((statistic) => api.metricLatency({ statistic, period: PERIOD }))],
        ),
        [this.#heading("Live updates")],
        row(
          [
            "WebSocket connections",
            [
              ownMetric(METRICS.WEB_SOCKET_CONNECTIONS, {
                ...{ config, service: "live-connections", statistic: "Maximum", label: "open" },
              }),
              live.metric("ConnectCount", { statistic: "Sum", period: PERIOD, label: "opened" }),
            ],
          ],
          [
            "Messages",
            [live.metric("MessageCount", { statistic: "Sum", period: PERIOD, label: "from and to clients" })],
          ],
          [
            "Errors",
            [
              ownMetric(METRICS.WEB_SOCKET_ERRORS, { config, service: "live-connections", label: "of connections" }),
              ownMetric(METRICS.PUSH_ERRORS, { config, service: "broadcast-changes", label: "of sends" }),
            ],
          ],
        ),
        [this.#heading("Queues")],
        row(
          [
            "Messages waiting",
            each(queues, ({ queue }, label) =>
              queue.metricApproximateNumberOfMessagesVisible({ label, statistic: "Maximum", period: PERIOD }),
            ),
          ],
          [
            "Age of the oldest message, seconds",
            each(queues, ({ queue }, label) =>
              queue.metricApproximateAgeOfOldestMessage({ label, statistic: "Maximum", period: PERIOD }),
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
          [
            "Dead letters",
            each(queues, ({ deadLetterQueue }, label) =>
              deadLetterQueue.metricApproximateNumberOfMessagesVisible({ label, statistic: "Maximum", period: PERIOD }),
            ),
          ],
        ),
        [this.#heading("Main line")],
        row(
          ["Records that came back", recordMetrics(METRICS.RECORD_FAILED, config)],
          ["Unreadable records", recordMetrics(METRICS.RECORD_INVALID, config)],
          [
            "Products done",
            [METRICS.ENRICHMENT_SUCCESSES, METRICS.ENRICHMENT_FAILURES].map((name) =>
              ownMetric(name, { config, service: "enrich-batch", label: name }),
            ),
          ],
        ),
        row(
          ["Success rate", [successRate(config)]],
          ["Failed products, by code", [failuresByCode(config)]],
          ["Time for a product, p95 by region", processingTimes(config)],
        ),
        row(
          ["Used share of the day, by source", bySource(METRICS.QUOTA_USED_SHARE)],
          ["Breaker open, by source", bySource(METRICS.BREAKER_OPEN)],
        ),
        ...(config.shop_line
          ? [
              [this.#heading("Shop line")],
              row(
                ["Events and assemblies", shopEvents(config)],
                ["Messages that came back or cannot be read", shopFailures(config)],
                ["Orphans of the hour", [orphans(config)]],
              ),
            ]
          : []),
        ...(config.webhooks
          ? [
              [this.#heading("Webhooks")],
              row(
                ["Attempts", webhookAttempts(config)],
                ["Webhook messages that came back or cannot be read", webhookRecords(config)],
              ),
            ]
          : []),
        [this.#heading("Functions")],
        row(
          ["Invocations", each(functions, (fn, label) => fn.metricInvocations({ label, period: PERIOD }))],
          [
            "Errors and throttles",
            [
              ...each(functions, (fn, label) => fn.metricErrors({ label: `${label} errors`, period: PERIOD })),
              ...each(functions, (fn, label) => fn.metricThrottles({ label: `${label} throttles`, period: PERIOD })),
            ],
          ],
          [
            "Duration, p95",
            each(functions, (fn, label) => fn.metricDuration({ label, statistic: "p95", period: PERIOD })),
          ],
        ),
        [this.#heading("Tables")],
        row(
          [
            "Read units",
            each(tables, (table, label) => table.metricConsumedReadCapacityUnits({ label, period: PERIOD })),
          ],
          [
            "Write units",
            each(tables, (table, label) => table.metricConsumedWriteCapacityUnits({ label, period: PERIOD })),
          ],
        ),
      ],
    });
  }

  #heading(text: string): IWidget {
    return new TextWidget({ markdown: `## ${text}`, width: FULL_WIDTH, height: 1 });
  }
}
