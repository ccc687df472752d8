import { METRICS } from "../../../lambdas/common/core/metric-names.ts";
import type { StageConfig } from "../../config/load-settings.ts";
import { type AlarmRegistry, runbookSection } from "../../monitoring/alarm-registry.ts";
import { ownMetric, summed } from "../../monitoring/own-metrics.ts";

/** The rooms that put events on the bus. */
const PUBLISHERS = ["publish-events", "accept-requests", "react-to-outcomes"] as const;

/** Registers what the functions of the event bus count about themselves. */
export const addEventAlarms = (alarms: AlarmRegistry, config: StageConfig): void => {
  alarms.add({
    id: "Events/PublishFailures",
    severity: "notice",
    // A call that is refused is made again; many of them in a row are a fault.
    metric: summed(
      "Events that were refused",
      PUBLISHERS.map((service) => ownMetric(METRICS.PUBLISH_FAILURES, { config, service, label: service })),
    ),
    threshold: config.alarms.failed_publishes,
    impact: "Events come late or not at all; products and runs are not held up.",
    runbook: runbookSection("Events/PublishFailures"),
  });
  alarms.add({
    id: "Events/RequestsRefused",
    severity: "notice",
    metric: ownMetric(METRICS.REQUESTS_REFUSED, { config, service: "accept-requests" }),
    threshold: config.alarms.refused_requests,
    impact: "Another system sends requests that cannot be worked on: its products are not enriched.",
    runbook: runbookSection("Events/RequestsRefused"),
  });
};
