import { Duration } from "aws-cdk-lib";
import { MathExpression, type Metric } from "aws-cdk-lib/aws-cloudwatch";
import { METRICS } from "../../lambdas/common/core/metric-names.ts";
import type { StageConfig } from "../config/load-settings.ts";
import { type AlarmRegistry, runbookSection } from "./alarm-registry.ts";
import { OWN_PERIOD, ownMetric } from "./own-metrics.ts";

/** Fewest messages in a period from which their error rate says something. */
const LEAST_FOR_RATE = 20;

type OfStage = Pick<StageConfig, "stage">;

/** Orphans of an hour. Each sweep writes the count again, so only the maximum says how many there are. */
export const orphans = (config: OfStage): Metric =>
  ownMetric(METRICS.ORPHANED_ASSEMBLIES, {
    ...{ config, service: "sweep-staging", statistic: "Maximum" },
  }).with({ period: Duration.hours(1) });

const counted = (config: OfStage) => (name: (typeof METRICS)[keyof typeof METRICS]) =>
  ownMetric(name, { config, service: "assemble-product", label: name });

/** What `assemble-product` did with events. */
export const shopEvents = (config: OfStage): Metric[] =>
  [METRICS.EVENTS_PROCESSED, METRICS.ASSEMBLIES_COMPLETED, METRICS.DUPLICATE_EVENTS, METRICS.CONFLICTING_EVENTS].map(
    counted(config),
  );

/** What `assemble-product` could not do at once, or never. */
export const shopFailures = (config: OfStage): Metric[] =>
  [METRICS.RECORD_FAILED, METRICS.RECORD_INVALID].map(counted(config));

/** Registers what the shop line counts about itself: messages that come back, and halves that wait in vain. */
export const addShopAlarms = (alarms: AlarmRegistry, config: StageConfig): void => {
  alarms.add({
    id: "ShopLine/ErrorRate",
    severity: "notice",
    // A consumer that gives records back has not failed as an invocation: no error of Lambda's own counts it.
    metric: new MathExpression({
      expression: `IF(FILL(failed, 0) + FILL(done, 0) >= ${LEAST_FOR_RATE}, 100 * FILL(failed, 0) / (FILL(failed, 0) + FILL(done, 0)), 0)`,
      label: "Messages that came back, percent",
      usingMetrics: {
        failed: counted(config)(METRICS.RECORD_FAILED),
        done: counted(config)(METRICS.EVENTS_PROCESSED),
      },
      period: OWN_PERIOD,
    }),
    threshold: config.alarms.assembly_error_percent,
    impact: "Captions and thumbnails come back instead of being done: new products are late.",
    runbook: runbookSection("ShopLine/ErrorRate"),
  });
  alarms.add({
    id: "ShopLine/Orphans",
    severity: "notice",
    metric: orphans(config),
    threshold: config.alarms.orphaned_assemblies,
    impact: "Videos have a caption or thumbnails but not both after a day: their products do not appear.",
    runbook: runbookSection("ShopLine/Orphans"),
  });
};
