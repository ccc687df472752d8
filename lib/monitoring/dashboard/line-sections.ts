import type { IWidget } from "aws-cdk-lib/aws-cloudwatch";
import { METRICS } from "../../../lambdas/common/core/metric-names.ts";
import type { StageConfig } from "../../config/load-settings.ts";
import { ownMetric, quotaLeft, sourceCalls, sourceMetrics } from "../own-metrics.ts";
import { orphans, shopEvents, shopFailures } from "../shop-alarms.ts";
import { webhookAttempts, webhookRecords } from "../webhooks/webhook-alarms.ts";
import type { Watched } from "./watched.ts";
import { heading, PERIOD, row, sums } from "./widgets.ts";

/** What the sources still give, and how they answered. */
export const sourcesSection = (config: StageConfig): IWidget[][] => {
  const ofSources = (
    ...[name, statistic]: [name: Parameters<typeof sourceMetrics>[0], statistic: Parameters<typeof sourceMetrics>[2]]
  ) => sourceMetrics(name, config, statistic).map(({ id, metric }) => metric.with({ label: id }));
  return [
    heading("Sources"),
    row(
      ["Quota left of the day, percent by source", quotaLeft(config)],
      ["Breaker open, by source", ofSources(METRICS.BREAKER_OPEN, "Maximum")],
      ["Refusals of the account, by source", ofSources(METRICS.CRITICAL_UPSTREAM_ERROR, "Sum")],
    ),
    sums("Sources: calls by outcome", sourceCalls(config)),
  ];
};

/** Captions and thumbnails on their way to products of shops. */
export const shopSection = (config: StageConfig): IWidget[][] => [
  heading("Shop line"),
  row(
    ["Events and assemblies", shopEvents(config)],
    ["Messages that came back or cannot be read", shopFailures(config)],
    ["Orphans of the hour", [orphans(config)]],
  ),
];

/** What is sent to endpoints of users. */
export const webhooksSection = (config: StageConfig): IWidget[][] => [
  heading("Webhooks"),
  row(
    ["Attempts", webhookAttempts(config)],
    ["Webhook messages that came back or cannot be read", webhookRecords(config)],
  ),
];

/** Who listens. */
export const liveSection = (config: StageConfig, { live }: Watched): IWidget[][] => [
  heading("Live updates"),
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
    ["Messages", [live.metric("MessageCount", { statistic: "Sum", period: PERIOD, label: "from and to clients" })]],
    [
      "Errors",
      [
        ownMetric(METRICS.WEB_SOCKET_ERRORS, { config, service: "live-connections", label: "of connections" }),
        ownMetric(METRICS.PUSH_ERRORS, { config, service: "broadcast-changes", label: "of sends" }),
      ],
    ],
  ),
];
