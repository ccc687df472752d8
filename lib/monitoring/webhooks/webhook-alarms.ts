import { MathExpression, type Metric } from "aws-cdk-lib/aws-cloudwatch";
import { METRICS, type MetricName } from "../../../lambdas/common/core/metric-names.ts";
import type { StageConfig } from "../../config/load-settings.ts";
import { type AlarmRegistry, runbookSection } from "../alarm-registry.ts";
import { OWN_PERIOD, ownMetric } from "../own-metrics.ts";

/** Fewest attempts in a period from which their failures say something about us, not about one endpoint. */
const LEAST_FOR_RATE = 20;
const MAX_FAILED_PERCENT = 50;

type OfStage = Pick<StageConfig, "stage">;

const counted = (config: OfStage, name: MetricName): Metric => ownMetric(name, { config, service: "deliver-webhooks" });

/** Attempts by how they ended, and endpoints that were switched off. */
export const webhookAttempts = (config: OfStage): Metric[] =>
  [METRICS.WEBHOOKS_DELIVERED, METRICS.WEBHOOK_ATTEMPTS_FAILED, METRICS.WEBHOOKS_SWITCHED_OFF].map((name) =>
    counted(config, name).with({ label: name }),
  );

/** Messages of webhooks that came back or cannot be read. */
export const webhookRecords = (config: OfStage): Metric[] =>
  [METRICS.RECORD_FAILED, METRICS.RECORD_INVALID].map((name) => counted(config, name).with({ label: name }));

/** Registers what webhooks count about themselves: attempts that fail, and endpoints that were switched off. */
export const addWebhookAlarms = (alarms: AlarmRegistry, config: OfStage): void => {
  alarms.add({
    id: "Webhooks/DeliveryFailures",
    severity: "notice",
    metric: new MathExpression({
      expression: `IF(FILL(failed, 0) + FILL(done, 0) >= ${LEAST_FOR_RATE}, 100 * FILL(failed, 0) / (FILL(failed, 0) + FILL(done, 0)), 0)`,
      label: "Attempts that failed, percent",
      usingMetrics: {
        failed: counted(config, METRICS.WEBHOOK_ATTEMPTS_FAILED),
        done: counted(config, METRICS.WEBHOOKS_DELIVERED),
      },
      period: OWN_PERIOD,
    }),
    threshold: MAX_FAILED_PERCENT,
    impact: "Most webhooks are not taken: their receivers learn of events late or not at all.",
    runbook: runbookSection("Webhooks/DeliveryFailures"),
  });
  alarms.add({
    id: "Webhooks/SwitchedOff",
    severity: "notice",
    metric: counted(config, METRICS.WEBHOOKS_SWITCHED_OFF),
    threshold: 1,
    impact: "An endpoint gets nothing any more, because it failed for a day or said that it is gone.",
    runbook: runbookSection("Webhooks/SwitchedOff"),
  });
};
